"""Telling pieces of programming languages and markup, each with what it is worth: `words.csv`.

A line break stands before what must begin a line. The weights were set by hand and measured on ordinary
files with bench/filetypes.py.
"""

import csv
import functools
import os
import re
import sys
from collections.abc import Iterator
from typing import TypeAlias

TABLE = os.path.join(os.path.dirname(__file__), "words.csv")  # importlib.resources would cost 15 ms

Says: TypeAlias = tuple[tuple[str, int], ...]
KEY = 4  # bytes
ESCAPE = re.compile(r"\\(.)")
ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}


@functools.cache
def pieces() -> tuple[dict[int, tuple[tuple[bytes, Says], ...]], tuple[tuple[bytes, Says], ...]]:
    """Each piece with what it says: the long by the number that their first bytes make, and the short."""
    with open(TABLE, encoding="utf-8") as file:
        text = file.read()
    _header, *rows = csv.reader(text.splitlines())
    says: dict[bytes, list[tuple[str, int]]] = {}
    for kind, weight, escaped in rows:
        says.setdefault(ESCAPE.sub(lambda found: ESCAPES[found[1]], escaped).encode(), []).append((kind, int(weight)))
    keyed: dict[int, list[tuple[bytes, Says]]] = {}
    short = []
    for word, kinds in says.items():
        if len(word) < KEY:
            short.append((word, tuple(kinds)))
        else:
            keyed.setdefault(int.from_bytes(word[:KEY], sys.byteorder), []).append((word, tuple(kinds)))
    return {key: tuple(words) for key, words in keyed.items()}, tuple(short)


def spoken(data: bytes) -> Iterator[tuple[int, Says]]:
    """How often each piece occurs that does, and what it says.

    Looking for each of them would take milliseconds; so only those are looked for whose first four bytes are
    among all runs of four bytes of the data.
    """
    keyed, short = pieces()
    keys = frozenset(keyed)
    found: set[int] = set()
    for start in range(KEY):
        runs = memoryview(data)[start : start + (len(data) - start) // KEY * KEY].cast("I")
        found.update(keys.intersection(runs))
    for key in found:
        for word, says in keyed[key]:
            if count := data.count(word):
                yield count, says
    for word, says in short:
        if count := data.count(word):
            yield count, says
