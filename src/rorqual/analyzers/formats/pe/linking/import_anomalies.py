"""What is wrong with import directories: noted library by library, so that no table is held."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.headers import Directory
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.linking.thunks import Descriptor, Thunk
from rorqual.analyzers.formats.pe.window import plain, shown

_QUOTED = 256  # bytes of a name in a proof
_REPEATED_TOLD = 8  # libraries in a proof
_WITH_LOADER = frozenset({"WINDOWS_GUI", "WINDOWS_CUI"})  # subsystems whose programs can do nothing without imports
_IMPORT, _COM_DESCRIPTOR = 1, 14  # indexes of data directories


class Note(NamedTuple):
    """An anomaly: how often, and where and what the first is; `rva` None: the image's headers show it."""

    times: int
    rva: int | None
    size: int
    proof: str


class _Tables(NamedTuple):
    """Where the thunks of a library lie: (start, end) by address."""

    descriptor: Descriptor
    lookup: tuple[int, int]
    addresses: tuple[int, int]


@dataclass(slots=True)
class Notes:
    """Anomalies by name. What is held grows with the libraries, of which there are at most as many as are told."""

    found: dict[str, Note] = field(default_factory=dict)
    tables: list[_Tables] = field(default_factory=list)
    libraries: Counter[tuple[bytes, bool]] = field(default_factory=Counter)

    def add(self, name: str, rva: int | None, size: int, proof: str) -> None:
        """Keeps the first."""
        old = self.found.get(name)
        self.found[name] = Note(1, rva, size, proof) if old is None else old._replace(times=old.times + 1)

    def weigh_place(self, layout: Layout, place: Directory) -> None:
        """Where a directory lies."""
        number = layout.section_of(place.rva)
        if number is None:
            self.add("import_table_in_headers", place.rva, place.size, f"RVA {place.rva:#x} is in no section")
            return
        section = layout.sections[number]
        if section.row.characteristics & names.MEM_WRITE and section.row.characteristics & names.MEM_EXECUTE:
            proof = f"RVA {place.rva:#x} is in section {number}, {section.name}"
            self.add("import_table_writable_and_executable", place.rva, place.size, proof)

    def weigh_extent(self, place: Directory, end: int) -> None:
        """Whether the descriptors, which end at `end`, keep to the directory."""
        if end > place.rva + place.size:
            proof = f"descriptors end at RVA {end:#x}, their directory at {place.rva + place.size:#x}"
            self.add("import_descriptors_past_directory", place.rva, end - place.rva, proof)

    def weigh_functions(self, descriptor: Descriptor, start: int, end: int, found: list[Thunk]) -> None:
        """Thunks of a library, in its table that begins at `start`; the last ends at `end`. Only that may be broken."""
        rvas = [thunk.rva for thunk in found if thunk.rva is not None]
        if rvas and min(rvas) < end and max(rvas) >= start:
            for rva in rvas:
                if start <= rva < end:
                    proof = f"{_library(descriptor)}: the thunks at RVA {start:#x} to {end:#x} point to {rva:#x}"
                    self.add("import_name_in_thunks", descriptor.rva, descriptor.size, proof)
        if found[-1].broken:
            proof = f"{_library(descriptor)}: the last thunk before RVA {end:#x} points to no name"
            self.add("import_name_unreadable", descriptor.rva, descriptor.size, proof)
        if not plain(b"".join(thunk.name for thunk in found if thunk.name)):
            for name in (thunk.name for thunk in found if thunk.name):
                if not plain(name):
                    proof = f"{_library(descriptor)}: {shown(name[:_QUOTED])}"
                    self.add("import_name_unprintable", descriptor.rva, descriptor.size, proof)

    def weigh_library(self, descriptor: Descriptor, count: int, width: int) -> None:
        """A library and the place of its tables."""
        name, rva, size = descriptor.library, descriptor.rva, descriptor.size
        if name is None:
            self.add("import_library_unreadable", rva, size, f"descriptor at RVA {rva:#x}: no name is mapped")
        else:
            self.libraries[name.lower(), descriptor.delay] += 1
            if not plain(name):
                self.add("import_library_unprintable", rva, size, shown(name[:_QUOTED]))
        if descriptor.stored_lookup and not descriptor.lookup_rva:
            proof = f"{_library(descriptor)}: OriginalFirstThunk {descriptor.stored_lookup:#x} is not inside the image"
            self.add("import_lookup_ignored", rva, size, proof)
        lookup = descriptor.lookup_rva or descriptor.address_rva
        spans = [(start, start + count * width) for start in (lookup, descriptor.address_rva)]
        self.tables.append(_Tables(descriptor, *spans))

    def weigh_all(self, layout: Layout, *, functions: int, by_ordinal: int) -> None:
        """What shows only once all libraries are known."""
        for part in ("lookup", "addresses"):
            self._overlap(sorted(self.tables, key=lambda tables: getattr(tables, part)), part)
        repeated = [(name, times) for (name, _), times in self.libraries.items() if times > 1]
        if repeated:
            first = min(
                (one.descriptor for one in self.tables if one.descriptor.library is not None), key=lambda one: one.rva
            )
            proof = ", ".join(
                f"{shown(name) or 'a library without a name'} in {times} descriptors"
                for name, times in repeated[:_REPEATED_TOLD]
            )
            self.add("import_library_repeated", first.rva, first.size, proof)
        if functions and functions == by_ordinal:
            first = self.tables[0].descriptor
            self.add("imports_by_ordinal_only", first.rva, first.size, f"{functions} functions, none by name")
        headers = layout.headers
        clr = any(directory.rva for directory in headers.directories[_COM_DESCRIPTOR:][:1])
        subsystem = names.SUBSYSTEMS.get(headers.optional.subsystem)
        if not self.tables and headers.optional.entry_point and subsystem in _WITH_LOADER and not clr:
            self.add("imports_none", None, 0, f"entry point {headers.optional.entry_point:#x}, subsystem {subsystem}")

    def _overlap(self, tables: list[_Tables], part: str) -> None:
        reached, holder = 0, None
        for one in tables:
            start, end = getattr(one, part)
            if start < reached and start < end and holder is not None:
                proof = f"{_library(one.descriptor)} and {_library(holder)}: both have thunks at RVA {start:#x}"
                self.add("import_thunks_overlap", one.descriptor.rva, one.descriptor.size, proof)
            if end > reached:
                reached, holder = end, one.descriptor


def _library(descriptor: Descriptor) -> str:
    return shown(descriptor.library[:_QUOTED]) if descriptor.library else "a library without a name"
