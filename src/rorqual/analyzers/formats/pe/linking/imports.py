"""Import directories: what an image takes from libraries, at once, when first called (delayed), or bound beforehand.

A list of descriptors, one for each library, each with a table of thunks: an ordinal or the address of a hint and a
name; a second table of the same length takes the functions' addresses. The bound import directory has the time stamps
of the libraries whose functions' addresses a binder has put there already.

https://learn.microsoft.com/windows/win32/debug/pe-format#the-idata-section
What the program asks the loader for by name (GetProcAddress) is not told, nor whether a bound address is right. Windows
gives up at a thunk or at a library's name that leads nowhere: nothing of that library, or no other library, is read.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.headers import Directory
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.linking.export_tables import stored
from rorqual.analyzers.formats.pe.linking.import_anomalies import Notes
from rorqual.analyzers.formats.pe.linking.import_bodies import (
    PEBoundImports,
    PEBoundModule,
    PEImport,
    PEImportLibraries,
    PEImportLibrary,
    PEImports,
    PEImportTable,
)
from rorqual.analyzers.formats.pe.linking.import_hash import ImportHash
from rorqual.analyzers.formats.pe.linking.thunks import (
    BOUND_SPAN,
    Descriptor,
    bound,
    delayed,
    descriptors,
    thunks,
    well_known,
)
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.analyzers.formats.pe.window import Window, all_shown, shown
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Malformed, OutOfFuel, Said, View

LIBRARIES_MAX = 4096  # read and told; the largest programs of Windows have some hundreds
FIRST_READ = 1 << 14  # bytes: descriptors, lookup tables and names of a small image lie within so many
_IMPORT, _BOUND_IMPORT, _DELAY_IMPORT = 1, 11, 13  # indexes of data directories
_BOUND_SIZE = 8  # bytes of a bound import's entry


@dataclass(slots=True)
class _Tally:
    """What is told."""

    libraries: Counter[bool] = field(default_factory=Counter)  # by whether they are delayed
    functions: Counter[bool] = field(default_factory=Counter)
    by_ordinal: int = 0
    bound: int = 0  # libraries
    complete: bool = True


class PEImportDirectory:
    """Tells all imports, however many there are."""

    name = "pe-imports"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """Not asked for: no anchor wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Functions and libraries, then their counts, what is wrong with them, and the bound imports."""
        layout = hit.context
        if not isinstance(layout, Layout) or layout.headers.optional.magic not in (names.PE32, names.PE32_PLUS):
            raise Malformed(hit.offset, "a PE image with data directories")
        window = Window(layout, hit.view, FIRST_READ)
        notes, tally, hashed, spent = Notes(), _Tally(), ImportHash(), None
        functions, libraries = Rows[PEImport](), Rows[PEImportLibrary]()
        try:
            for descriptor in _descriptors(window, layout, notes):
                count = 0
                for at, size, rows in _functions(window, layout, descriptor, notes, hashed):
                    count += len(rows)
                    tally.functions[descriptor.delay] += len(rows)
                    tally.by_ordinal += sum(row.ordinal is not None for row in rows)
                    for start, length, first, part in functions.add(at, size, rows):
                        yield hit.finding(start, length, PEImportTable(first, part))
                tally.libraries[descriptor.delay] += 1
                tally.bound += descriptor.timestamp != 0
                notes.weigh_library(descriptor, count, _width(layout))
                library = [_library(descriptor, count)]
                for start, length, first, part_ in libraries.add(
                    *_span(layout, descriptor.rva, descriptor.size), library
                ):
                    yield hit.finding(start, length, PEImportLibraries(first, part_))
            yield from _bound(hit, window, layout)
        except OutOfFuel as limit:
            spent, tally.complete = limit, False
            told = f"{tally.functions.total()} functions are told, then the fuel was used up"
            notes.add("imports_not_told", None, 0, told)
        for start, length, first, part in functions.rest():
            yield hit.finding(start, length, PEImportTable(first, part))
        for start, length, first, part_ in libraries.rest():
            yield hit.finding(start, length, PEImportLibraries(first, part_))
        yield from _summed_up(hit, layout, notes, tally, hashed)
        if spent is not None:
            raise spent


def _place(layout: Layout, index: int) -> Directory | None:
    """A directory of which bytes are mapped."""
    place = next(iter(layout.headers.directories[index:]), None)
    return place if place and place.rva and layout.at(place.rva) is not None else None


def _width(layout: Layout) -> int:
    return 8 if layout.headers.optional.magic == names.PE32_PLUS else 4


def _span(layout: Layout, rva: int, size: int) -> tuple[int, int]:
    """Where in the image's file the bytes lie, as far as they do."""
    return layout.mapped(rva)[0], stored(layout, rva, size)


def _descriptors(window: Window, layout: Layout, notes: Notes) -> Iterator[Descriptor]:
    """Those of all libraries that are told."""
    count = 0
    for index, read in ((_IMPORT, descriptors), (_DELAY_IMPORT, delayed)):
        place = _place(layout, index)
        if place is None:
            continue
        notes.weigh_place(layout, place)
        end = place.rva
        for descriptor in read(window, place.rva, layout.headers):
            if count == LIBRARIES_MAX:
                proof = f"more than {LIBRARIES_MAX} descriptors; so many are read"
                notes.add("imports_not_told", descriptor.rva, descriptor.size, proof)
                break
            count += 1
            end = descriptor.rva + descriptor.size
            yield descriptor
            if descriptor.library is None:
                break
        notes.weigh_extent(place, end)


def _functions(
    window: Window, layout: Layout, descriptor: Descriptor, notes: Notes, hashed: ImportHash
) -> Iterator[tuple[int, int, list[PEImport]]]:
    """(at, size, rows) of a library's thunks."""
    width, library = _width(layout), None if descriptor.library is None else shown(descriptor.library)
    key = (library or "").lower()
    start = descriptor.lookup_rva or descriptor.address_rva
    rva, slot = start, descriptor.address_rva
    for read in thunks(window, descriptor, layout.headers):
        if not read:
            return
        texts = [thunk.name for thunk in read]
        broken = next((n for n, thunk in enumerate(read) if thunk.broken), None) if None in texts else None
        found = read if broken is None else read[: broken + 1]
        end = rva + len(found) * width
        notes.weigh_functions(descriptor, start, end, found)
        if not descriptor.delay:
            hashed.feed(descriptor.library, found)
        rows = []
        for thunk, text in zip(found, all_shown(texts), strict=False):
            name = text if thunk.ordinal is None else well_known(key, thunk.ordinal)
            rows.append(PEImport(library, name, thunk.ordinal, thunk.hint, slot, descriptor.delay, thunk.bound))
            slot += width
        yield *_span(layout, rva, end - rva), rows
        if broken is not None:
            return
        rva = end


def _library(descriptor: Descriptor, count: int) -> PEImportLibrary:
    return PEImportLibrary(
        name=None if descriptor.library is None else shown(descriptor.library),
        delay=descriptor.delay,
        functions=count,
        timestamp=descriptor.timestamp,
        forwarder_chain=descriptor.forwarder_chain,
        lookup_rva=descriptor.stored_lookup,
        address_rva=descriptor.address_rva,
    )


def _bound(hit: Hit, window: Window, layout: Layout) -> Iterator[Finding]:
    place = _place(layout, _BOUND_IMPORT)
    if place is None:
        return
    data = window.table(place.rva, min(stored(layout, place.rva, BOUND_SPAN), BOUND_SPAN))
    at = layout.mapped(place.rva)[0]
    waiting = Rows[PEBoundModule]()
    for entry in bound(data):
        window.step()
        library, forwards = (None if name is None else shown(name) for name in (entry.library, entry.forwards))
        row = PEBoundModule(library, entry.timestamp, forwards)
        for start, size, first, part in waiting.add(at, _BOUND_SIZE, [row]):
            yield hit.finding(start, size, PEBoundImports(first, part))
        at += _BOUND_SIZE
    for start, size, first, part in waiting.rest():
        yield hit.finding(start, size, PEBoundImports(first, part))


def _summed_up(hit: Hit, layout: Layout, notes: Notes, tally: _Tally, hashed: ImportHash) -> Iterator[Finding]:
    place = _place(layout, _IMPORT) or _place(layout, _DELAY_IMPORT)
    headers = layout.headers
    at, size = headers.optional_at, headers.optional_present
    if place is not None:
        at, size = _span(layout, place.rva, place.size)
        body = PEImports(
            libraries=tally.libraries[False],
            functions=tally.functions[False],
            by_ordinal=tally.by_ordinal,
            delayed_libraries=tally.libraries[True],
            delayed_functions=tally.functions[True],
            bound_libraries=tally.bound,
            complete=tally.complete,
            import_hash=hashed.hexdigest(),
        )
        yield hit.finding(at, size, body)
    notes.weigh_all(layout, functions=tally.functions.total(), by_ordinal=tally.by_ordinal)
    for name, note in notes.found.items():
        where = (at, size) if note.rva is None else _span(layout, note.rva, note.size)
        proof = f"{note.proof}; {note.times} in all" if note.times > 1 else note.proof
        yield hit.finding(*where, Anomaly(name, proof))
