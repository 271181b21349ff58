"""The export directory: what an image offers to others, by name and by ordinal.

A directory of 40 bytes points to a table of functions (addresses, by ordinal less the base), a table of names in the
order of the alphabet, and one that gives each name the index of its function. An address inside the directory itself
is that of a text instead: the function is forwarded to "LIBRARY.name" or "LIBRARY.#ordinal".

https://learn.microsoft.com/windows/win32/debug/pe-format#the-edata-section-image-only
What decorated names mean is not told. In a table out of order a name that stands twice is noticed where its places are
adjacent or in one batch.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from operator import gt
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.linking.export_anomalies import Notes
from rorqual.analyzers.formats.pe.linking.export_tables import (
    DIRECTORY_SIZE,
    FUNCTIONS_MAX,
    NAME_MAX,
    Batch,
    ExportTables,
    read_tables,
    stored,
)
from rorqual.analyzers.formats.pe.rows import ROWS, made
from rorqual.analyzers.formats.pe.window import Window, all_shown, shown
from rorqual.sdk import Anchor, Anomaly, Hit, Kind, Malformed, OutOfFuel, Said, View, frozen

HASHED = 512  # bytes of a name that go into the export hash, as in pefile, whose hash it is
_DIRECTORY = 0  # index of the data directory


class PEExport(NamedTuple):
    """A function under one of its names."""

    ordinal: int
    name: str | None  # what is not printable ASCII as \\xNN; None: it has none, or none that can be read
    rva: int | None  # None: the name's index lies outside the table of functions
    forwarder: str | None


@frozen
class PEExports:
    """An export directory, which the finding spans. What is named `number_of_…` is as stored."""

    tag: ClassVar[str] = "pe_exports"
    name: str | None  # of the module
    characteristics: int
    timestamp: int
    version: str
    base: int  # the ordinal of the first function
    number_of_functions: int
    number_of_names: int
    functions: int  # entries of the table of functions that are in use
    named: int  # rows told that come from the table of names
    nameless: int  # rows told of functions without a name
    forwarded: int  # rows told that have a forwarder
    complete: bool  # whether all rows that are in the file are told
    export_hash: str | None  # MD5 over the names in lower case, in order, joined by commas: hex digits; None: no names


@frozen
class PEExportTable:
    """Rows: those with names in the order of the table of names, then those without.

    The finding spans the rows' entries in that table, or in the table of functions.
    """

    tag: ClassVar[str] = "pe_export_table"
    first: int  # index of the first row
    rows: tuple[PEExport, ...]


@dataclass(slots=True)
class _Tally:
    """What is told."""

    hashes: Callable[[bytes], None]  # takes the names
    named: int = 0
    nameless: int = 0
    forwarded: int = 0
    hashed: int = 0  # names
    complete: bool = True


class PEExportDirectory:
    """Tells all exports, however many there are."""

    name = "pe-exports"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """Not asked for: no anchor wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The rows, then the directory with their counts, and what is wrong with it."""
        layout = hit.context
        if not isinstance(layout, Layout) or layout.headers.optional.magic not in (names.PE32, names.PE32_PLUS):
            raise Malformed(hit.offset, "a PE image with data directories")
        place = next(iter(layout.headers.directories[_DIRECTORY:]), None)
        if place is None or not place.rva or layout.at(place.rva) is None:
            return  # the image's headers say so themselves
        window = Window(layout, hit.view, place.size)
        tables = read_tables(window, layout, place)
        module = window.string(tables.directory.name_rva, NAME_MAX)
        digest = hashlib.md5(usedforsecurity=False)
        notes, tally, spent = Notes(), _Tally(digest.update), None
        try:
            for at, size, table in _rows(window, layout, tables, notes, tally):
                yield hit.finding(at, size, table)
        except OutOfFuel as limit:
            tally.complete, spent = False, limit
            notes.add(
                "export_rows_not_told", f"{tally.named + tally.nameless} rows are told, then the fuel was used up"
            )
        body = _summary(tables, tally, module, digest.hexdigest())
        yield hit.finding(*_span(layout, place.rva, max(place.size, DIRECTORY_SIZE)), body)
        notes.weigh_tables(tables, layout.headers.optional.size_of_image)
        if module is None:
            proof = f"nothing is mapped at RVA {tables.directory.name_rva:#x}"
            notes.add("export_module_name_unreadable", proof)
        at, size = _span(layout, place.rva, DIRECTORY_SIZE)
        for anomaly, (times, proof) in notes.found.items():
            yield hit.finding(at, size, Anomaly(anomaly, f"{proof}; {times} in all" if times > 1 else proof))
        if spent is not None:
            raise spent


def _span(layout: Layout, rva: int, size: int) -> tuple[int, int]:
    """Where in the image's file the bytes lie, as far as they do."""
    return layout.mapped(rva)[0], stored(layout, rva, size)


def _rows(
    window: Window,
    layout: Layout,
    tables: ExportTables,
    notes: Notes,
    tally: _Tally,
) -> Iterator[tuple[int, int, PEExportTable]]:
    """(at, size, rows)."""
    directory, functions = tables.directory, tables.functions
    used = bytearray(FUNCTIONS_MAX)  # by index: whether a name leads there
    for batch in tables.named(window):
        notes.weigh(batch)
        kept = _hashed(batch)
        if kept:
            tally.hashes(b"," * (tally.hashed > 0) + b",".join(kept).lower())
            tally.hashed += len(kept)
        rows = _made(window, directory.base, batch)
        tally.named += len(rows)
        tally.forwarded += sum(rva in batch.forwarders for rva in batch.addresses) if batch.forwarders else 0
        span = _span(layout, directory.names_rva + 4 * batch.first, 4 * len(rows))
        yield *span, PEExportTable(batch.first, rows)
        for index in batch.indexes:
            used[index] = 1
    window.step(1 + len(functions) // 64)
    left = list(compress(range(len(functions)), map(gt, map(bool, functions), used)))
    for first in range(0, len(left), ROWS):
        batch = tables.batch(window, tally.named + first, left[first : first + ROWS], None)
        notes.weigh(batch._replace(names=()))
        rows = _made(window, directory.base, batch)
        tally.nameless += len(rows)
        tally.forwarded += sum(row.forwarder is not None for row in rows)
        low, high = batch.indexes[0], batch.indexes[-1]
        span = _span(layout, directory.functions_rva + 4 * low, 4 * (high - low + 1))
        yield *span, PEExportTable(batch.first, rows)


def _made(window: Window, base: int, batch: Batch) -> tuple[PEExport, ...]:
    window.step(len(batch.indexes))
    ordinals = [base + index for index in batch.indexes]
    texts: Iterable[str | None] = repeat(None)
    if batch.forwarders:
        forwarders = {rva: shown(text or b"") for rva, text in batch.forwarders.items()}
        texts = [forwarders.get(rva) for rva in batch.addresses]
    return made(PEExport, ordinals, all_shown(batch.names), batch.addresses, texts)


def _hashed(batch: Batch) -> Sequence[bytes]:
    """The names that go into the export hash."""
    names = [name[:HASHED] for name in batch.names if name is not None]
    if len(names) == len(batch.names) and all(batch.addresses):
        return names
    in_use = zip(batch.names, batch.addresses, strict=True)
    return [name[:HASHED] for name, rva in in_use if name is not None and rva]


def _summary(tables: ExportTables, tally: _Tally, module: bytes | None, export_hash: str) -> PEExports:
    directory = tables.directory
    return PEExports(
        name=None if module is None else shown(module),
        characteristics=directory.characteristics,
        timestamp=directory.timestamp,
        version=f"{directory.major}.{directory.minor}",
        base=directory.base,
        number_of_functions=directory.number_of_functions,
        number_of_names=directory.number_of_names,
        functions=len(tables.functions) - tables.functions.count(0),
        named=tally.named,
        nameless=tally.nameless,
        forwarded=tally.forwarded,
        complete=tally.complete,
        export_hash=export_hash if tally.hashed else None,
    )
