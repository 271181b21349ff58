"""Where the command begins: `rorqual` and `python -m rorqual`."""

import signal
import sys


def main() -> int:
    """Runs the command; an interrupt while its modules still load ends it without a word."""
    handler = signal.getsignal(signal.SIGINT)
    if handler is signal.default_int_handler:  # else who started this wants it ignored
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from rorqual.cli import main as command  # noqa: PLC0415 - what takes time to load, as said

    if handler is signal.default_int_handler:
        signal.signal(signal.SIGINT, handler)
    return command()


if __name__ == "__main__":
    sys.exit(main())
