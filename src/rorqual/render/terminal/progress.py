"""How far a scan is: one line on a terminal, rewritten in place and erased before the report."""

import os
import time
from collections.abc import Callable
from typing import TextIO

from rich.cells import cell_len, set_cell_size

from rorqual.render.terminal.values import safe, share_text, size_text, time_text

PATIENCE = 1.0  # seconds before the line appears: what is quicker needs none
INTERVAL = 0.1  # seconds between two drawings
UNKNOWN_WIDTH = 80
ECHO = 2  # columns of the "^C" that a terminal writes behind the line


class Progress:
    """Draws on `out`, a terminal; called with the bytes passed and those in all, by one thread at a time."""

    def __init__(self, out: TextIO, name: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._name = safe(name)
        self._clock = clock
        self._started = clock()
        self._due = self._started + PATIENCE
        self._drawn = 0  # columns that the line on the screen takes

    def __call__(self, passed: int, total: int | None) -> None:
        now = self._clock()
        if now >= self._due:
            self._due = now + INTERVAL
            self._draw(self.line(passed, total, now - self._started))

    def line(self, passed: int, total: int | None, seconds: float) -> str:
        """What there is to say: the name last, since it is what a narrow terminal can do without."""
        rate = passed / seconds
        said = [f"{size_text(rate)}/s"]
        if total is None:
            said.insert(0, size_text(passed))
        elif passed > total:  # the file has been read; what decodes out of it has no known length
            said.insert(0, f"{size_text(total)} read, {size_text(passed - total)} decoded")
        else:
            said.insert(0, f"{share_text(passed / total)}  {size_text(passed)} of {size_text(total)}")
            said.append(f"{time_text((total - passed) / rate)} left")
        return "  ".join((*said, self._name))

    def erase(self) -> None:
        """Leaves the terminal as if nothing had been drawn."""
        if self._drawn:
            self._write("\r" + " " * (self._drawn + ECHO) + "\r")
            self._drawn = 0

    def _draw(self, line: str) -> None:
        width = min(cell_len(line), self._columns() - ECHO - 1)
        self._write("\r" + set_cell_size(line, width) + " " * (self._drawn - width))
        self._drawn = width

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._out.fileno()).columns or UNKNOWN_WIDTH
        except OSError:
            return UNKNOWN_WIDTH

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except OSError:  # the terminal has gone away, and the scan goes on without it
            self._due = float("inf")


def may_draw(out: TextIO | None) -> bool:
    """Whether there is a terminal that can rewrite a line."""
    return out is not None and out.isatty() and os.environ.get("TERM") != "dumb"
