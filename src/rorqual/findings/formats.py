"""The one table of formats: id, MIME type, usual extension, description, family and what the format is
built on.

The table is `formats.csv`. `base` is the format whose bytes it is too: a jar is a zip, an svg is xml, and
all text leads to `text`. An id with a hyphen is a variant of the format before the hyphen ("pe-dll"):
findings and verdicts give the format's own id, the variant lends extension and description.
"""

import csv
import functools
import os

from rorqual.frozen import frozen

TABLE = os.path.join(os.path.dirname(__file__), "formats.csv")  # importlib.resources would cost 15 ms


@frozen
class Format:
    """One row of the table."""

    id: str
    base: str  # an id; empty where the format is built on no other
    family: str  # archive, executable, image, text …
    mime: str
    extension: str  # without the dot; empty where none is usual
    description: str

    @property
    def name(self) -> str:
        """The id that findings give: that of the format for a variant."""
        return self.id.partition("-")[0]

    def is_a(self, id: str) -> bool:
        """Whether the format is `id` or built on it."""
        formats = all_formats()
        row: Format | None = self
        while row is not None:
            if id in (row.id, row.name):
                return True
            row = formats.get(row.base)
        return False


def format_of(id: str) -> Format:
    """The row of `id`.

    Raises:
        KeyError: the table has no such id.
    """
    return all_formats()[id]


@functools.cache
def all_formats() -> dict[str, Format]:
    """The table by id, in its own order."""
    with open(TABLE, encoding="utf-8") as file:
        text = file.read()
    _header, *rows = csv.reader(text.splitlines())
    return {row[0]: Format(*row) for row in rows}
