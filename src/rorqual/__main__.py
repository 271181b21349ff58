"""`python -m rorqual` is `rorqual`."""

import sys

from rorqual.cli import main

if __name__ == "__main__":
    sys.exit(main())
