"""Where a report goes: standard output, or a file that takes its place when it is whole."""

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterator
from typing import TextIO

STDOUT = "-"


class Failed(Exception):
    """What the user should read before the command ends with an error."""


@contextlib.contextmanager
def outlet(target: str | None) -> Iterator[TextIO | None]:
    """Where JSON goes: nowhere, to standard output, or to a file that is there once it is whole."""
    if target is None:
        yield None
        return
    with writing(target):
        final = os.path.realpath(target)
        if target == STDOUT:
            yield standard_output()
        elif os.path.exists(final) and not os.path.isfile(final):  # a device or named pipe; a folder, and that fails
            with open(final, "w", encoding="utf-8") as out:
                yield out
        else:
            with _replacing(final) as out:
                yield out


@contextlib.contextmanager
def _replacing(path: str) -> Iterator[TextIO]:
    """A draft beside the file, with its permissions, that takes its place if all went well."""
    draft = os.path.join(os.path.dirname(path), f".rorqual-{os.getpid()}.draft")
    with open(draft, "x", encoding="utf-8") as out:
        try:
            if os.path.exists(path):
                os.chmod(draft, stat.S_IMODE(os.stat(path).st_mode))
            yield out
            out.close()
            os.replace(draft, path)
        except BaseException:
            with contextlib.suppress(OSError):  # where it is full, closing fails too
                out.close()
            os.unlink(draft)
            raise


@contextlib.contextmanager
def writing(target: str) -> Iterator[None]:
    """Turns what can go wrong with the target into Failed, but for a pipe that nobody reads any more."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, MemoryError) as error:
        if target == STDOUT:
            mute()
        why = "out of memory" if isinstance(error, MemoryError) else error.strerror or str(error)
        raise Failed(f"{'standard output' if target == STDOUT else target}: {why}") from error


def standard_output() -> TextIO:
    if sys.stdout is None:
        raise OSError(errno.EBADF, "is closed")
    return sys.stdout


def mute() -> None:
    """What is left in the buffer of standard output goes nowhere, else Python would complain at exit."""
    if sys.stdout is None:
        return
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
