"""`python -m fuzz [--seconds N] [--seed N]`: mutants through the engine, then the kernels under a sanitizer."""

import argparse
import secrets
import sys
from pathlib import Path

from fuzz import mutants, sanitize_kernels


def main() -> int:
    """Runs both for half of the time each; 1 where either found anything, 2 where the sanitizer cannot be built."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300, help="in all (default 300)")
    parser.add_argument("--seed", type=int, default=None, help="to repeat a run (default: another each time)")
    arguments = parser.parse_args()
    seed = secrets.randbelow(1 << 32) if arguments.seed is None else arguments.seed
    Path("fuzz/build").mkdir(parents=True, exist_ok=True)
    return max(mutants.main(arguments.seconds / 2, seed), sanitize_kernels.main(seconds=arguments.seconds / 2))


if __name__ == "__main__":
    sys.exit(main())
