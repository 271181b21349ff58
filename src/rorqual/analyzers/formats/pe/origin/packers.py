"""The table of signatures by bytes at the entry point, packers.csv, and what it takes for a row to count.

Columns: name, kind, version, pattern, sections. A pattern is hex digits with ?? for any byte, taken from the
entry point on. `sections` are names, all of which must be there (parted by "|"), or nothing. A row of fewer than
ALONE fixed bytes needs sections: the loaders of packers are short and alike, and names alone are free to anyone.
"""

import csv
import functools
import os
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

TABLE = os.path.join(os.path.dirname(__file__), "packers.csv")  # importlib.resources would cost 15 ms
ENTRY_BYTES = 64  # looked at; no pattern is longer
ALONE = 12  # fixed bytes that prove a loader without more: by chance one image in 2^96 has them
LEAST = 4  # fixed bytes that prove it beside section names


class Pattern(NamedTuple):
    """A row of the table."""

    name: str
    kind: str
    version: str | None
    regex: re.Pattern[bytes]
    sections: frozenset[str]
    fixed: int  # bytes
    size: int  # bytes, those that may be any counted

    def proof(self) -> str:
        """What was found."""
        names = ", ".join(sorted(self.sections))
        return f"{self.fixed} fixed bytes at the entry point" + (f", sections {names}" if names else "")


def matching(code: bytes, sections: Iterable[str]) -> Iterator[Pattern]:
    """The rows that the bytes at the entry point and the sections' names prove, in the order of the table."""
    present = frozenset(sections)
    for row in table():
        if row.sections <= present and row.regex.match(code):
            yield row


@functools.cache
def table() -> tuple[Pattern, ...]:
    """The rows in their order.

    Raises:
        ValueError: a row proves too little.
    """
    with open(TABLE, encoding="utf-8") as file:
        _header, *rows = csv.reader(file.read().splitlines())
    return tuple(_row(*row) for row in rows)


def _row(name: str, kind: str, version: str, pattern: str, sections: str) -> Pattern:
    digits = pattern.replace(" ", "")
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    fixed = sum(pair != "??" for pair in pairs)
    names = frozenset(filter(None, sections.split("|")))
    if fixed < (LEAST if names else ALONE) or len(pairs) > ENTRY_BYTES:
        raise ValueError(f"{name}: {fixed} fixed bytes of {len(pairs)} prove too little")
    regex = b"".join(b"." if pair == "??" else re.escape(bytes.fromhex(pair)) for pair in pairs)
    return Pattern(name, kind, version or None, re.compile(regex, re.DOTALL), names, fixed, len(pairs))
