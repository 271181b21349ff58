"""The magic numbers of `signatures.csv`, and the checks of structure that belong to them.

A row without a check is proof by itself and has at least 4 bytes under its mask. `check` names a function
of the sibling modules that looks at the structure behind the magic and may name another format of the same
family. The order is precedence among equal proofs. The last column names the specification the bytes were
taken from.
"""

import csv
import functools
import os
from typing import NamedTuple

from rorqual.analyzers.formats import (
    type_archives,
    type_data,
    type_disks,
    type_executables,
    type_images,
    type_keys,
    type_media,
    type_ole,
    type_zip,
)
from rorqual.analyzers.formats.type_head import Check

TABLE = os.path.join(os.path.dirname(__file__), "signatures.csv")  # importlib.resources would cost 15 ms


class Signature(NamedTuple):
    """`magic` at `at` suggests `format`; `mask`, if any, is ANDed to what is read before the comparison."""

    format: str
    at: int
    magic: bytes
    mask: bytes
    check: str
    note: str

    def matches(self, data: bytes) -> bool:
        """Whether `data`, as long as the magic, is what the signature asks for."""
        if not self.mask:
            return data == self.magic
        return len(data) == len(self.magic) and all(
            byte & mask == want for byte, mask, want in zip(data, self.mask, self.magic, strict=True)
        )


@functools.cache
def signatures() -> tuple[Signature, ...]:
    """All rows, in order of precedence."""
    with open(TABLE, encoding="utf-8") as file:
        text = file.read()
    _header, *rows = csv.reader(text.splitlines())
    return tuple(
        Signature(format, int(at, 0), bytes.fromhex(magic), bytes.fromhex(mask), check, note)
        for format, at, magic, mask, check, note in rows
    )


@functools.cache
def checks() -> dict[str, Check]:
    """The functions that the table names."""
    modules = (
        type_archives, type_data, type_disks, type_executables, type_images, type_keys, type_media, type_ole,
        type_zip,
    )  # fmt: skip
    return {name: check for module in modules for name, check in module.CHECKS.items()}


@functools.cache
def that_begin_with(value: int) -> tuple[Signature, ...]:
    """The rows at offset 0 for a source whose first byte this is."""
    return tuple(row for row in signatures() if row.at == 0 and value & (row.mask or b"\xff")[0] == row.magic[0])


@functools.cache
def further_in() -> tuple[Signature, ...]:
    """The rows that look at another place."""
    return tuple(row for row in signatures() if row.at)
