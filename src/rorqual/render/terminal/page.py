"""A page of a given width. All text passes `Page.text`, so that no byte of a file commands a terminal."""

import errno
import os
from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from rorqual.render.terminal.values import safe

Part = str | tuple[str, str]  # plain, or with the name of a style
Row = Sequence[Part]

# Blue and orange of middle lightness: apart for every kind of colour vision, legible on white and on black.
# Nothing is said by colour alone.
STYLES = {
    "title": "bold",
    "label": "color(244)",
    "name": "color(32)",
    "notable": "color(166)",
    "alert": "bold color(166)",
    "": "",
}
INDENT = 2
LABEL = 12  # columns of the labels on the left
GAP = 2  # columns between those of a table
WIDTHS = (40, 160)  # what is narrower is too narrow for a table, what is wider tires the eye
UNKNOWN_WIDTH = 80
ASCII = str.maketrans({"…": "...", "·": "-", "×": "x"})


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leaves it to the caller to end the process, where rich would."""
        raise BrokenPipeError(errno.EPIPE, "nobody reads")


class Page:
    """Writes line by line and holds none."""

    def __init__(self, out: TextIO, *, color: bool | None, width: int | None) -> None:
        self.width = min(max(width or _width(out), WIDTHS[0]), WIDTHS[1])
        self._encoding = getattr(out, "encoding", None) or "utf-8"
        self.unicode = self._encoding.lower().replace("-", "").startswith("utf")
        colored = _wants_color(out) if color is None else color
        self._console = _Console(
            file=out,
            width=self.width,
            color_system="auto" if colored else None,
            force_terminal=colored,
            force_jupyter=False,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def text(self, *parts: Part) -> Text:
        """The parts on one line, escaped."""
        text = Text(end="")
        for part in parts:
            words, style = part if isinstance(part, tuple) else (part, "")
            text.append(self._written(words), STYLES[style])
        return text

    def blank(self) -> None:
        """An empty line."""
        self._console.print()

    def heading(self, words: str, *more: Part) -> None:
        """Begins a section."""
        self.blank()
        self._line(self.text((words, "title"), *(("  ", *more) if more else ())))

    def line(self, *parts: Part, indent: int = INDENT) -> None:
        """One line, cut where the page ends."""
        self._line(self.text(" " * indent, *parts))

    def wrapped(self, *parts: Part, indent: int = INDENT) -> None:
        """As many lines as it takes, all indented."""
        self._hang(Text(" " * indent, end=""), self.text(*parts))

    def path(self, path: str, style: str) -> None:
        """A path on a line of its own; a long one loses its beginning, since its end tells files apart."""
        text = self.text((path, style))
        if cell_len(text.plain) > self.width:
            mark = self._written("…")
            while cell_len(text.plain) > self.width - len(mark):
                text = text[1:]
            text = self.text((mark, style)) + text
        self._line(text)

    def field(self, label: str, *parts: Part, style: str = "label", cut: bool = False, most: int | None = None) -> None:
        """A label and what it labels, which hangs beside it in `most` lines or fewer, or is cut to one line."""
        beside = self.text(" " * INDENT, (label.ljust(LABEL), style))
        if cut:
            self._line(beside + self.text(*parts))
        else:
            self._hang(beside, self.text(*parts), most)

    def table(self, head: Row, rows: Iterable[Row], *, right: Iterable[int] = (), widest: int = 28) -> None:
        """Rows in columns, those in `right` flush right, none but the last wider than `widest`."""
        table = [[self.text(cell) for cell in row] for row in ([(str(cell), "label") for cell in head], *rows)]
        last = len(head) - 1
        widths = [min(widest, max(cell_len(row[column].plain) for row in table)) for column in range(last)]
        for row in table:
            line = Text(" " * INDENT, end="")
            for column, (cell, width) in enumerate(zip(row, widths, strict=False)):
                self._cut(cell, width)
                space = Text(" " * (width - cell_len(cell.plain)), end="")
                line += (space + cell if column in right else cell + space) + Text(" " * GAP)
            self._line(line + row[last])

    def _hang(self, label: Text, text: Text, most: int | None = None) -> None:
        room = self.width - cell_len(label.plain)
        lines = list(text.wrap(self._console, room, overflow="fold"))
        if most is not None and len(lines) > most:
            del lines[most:]
            lines[-1].append(" " * room)  # too long now, so that it is cut and says so
            self._cut(lines[-1], room)
        for line in lines:
            self._line(label + line)
            label = Text(" " * cell_len(label.plain), end="")

    def _line(self, text: Text) -> None:
        text.rstrip()
        self._cut(text, self.width)
        self._console.print(text, no_wrap=True, crop=False, overflow="ignore", end="\n")

    def _cut(self, text: Text, width: int) -> None:
        """Shortens the text to the width, and says so at its end."""
        if cell_len(text.plain) > width:
            mark = self._written("…")
            kept = len(set_cell_size(text.plain, width - len(mark)).rstrip())
            text.right_crop(len(text.plain) - kept)
            text.append(mark)

    def _written(self, words: str) -> str:
        words = safe(words)
        if self.unicode or words.isascii():
            return words
        return words.translate(ASCII).encode(self._encoding, "backslashreplace").decode(self._encoding)


def _wants_color(out: TextIO) -> bool:
    """As https://no-color.org has it; a pipe gets none unless asked for."""
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _width(out: TextIO) -> int:
    if wish := os.environ.get("COLUMNS", ""):
        return int(wish) if wish.isascii() and wish.isdigit() and int(wish) else UNKNOWN_WIDTH
    try:
        return os.get_terminal_size(out.fileno()).columns or UNKNOWN_WIDTH
    except OSError:
        return UNKNOWN_WIDTH
