"""Symbol versions (https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html):
DT_VERNEED (chains of libraries, each with a chain of versions), DT_VERDEF (a chain of versions, each with a chain of
its name and its parents), and DT_VERSYM, a number for each dynamic symbol.
"""

import struct
from typing import NamedTuple

from rorqual.analyzers.formats.elf import names, tags
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.analyzers.formats.strings import Strings
from rorqual.sdk import View

CHAIN_MOST = 8192  # links followed in one table; version indices have 15 bits, and libraries define a few hundred
HIDDEN, LOCAL, GLOBAL = 0x8000, 0, 1
FLAGS = {0x1: "BASE", 0x2: "WEAK", 0x4: "INFO"}


class Version(NamedTuple):
    """A version needed of a library or defined here."""

    name: str
    library: str | None  # None: defined here
    number: int  # in DT_VERSYM
    flags: tuple[str, ...]
    parents: tuple[str, ...]


class Versions(NamedTuple):
    """Both tables; `needed_at` and `defined_at` are where they lie in the file."""

    needed: tuple[Version, ...]
    needed_at: int | None
    defined: tuple[Version, ...]
    defined_at: int | None
    broken: str | None  # what was wrong with a chain

    def by_index(self) -> dict[int, Version]:
        """What the numbers of DT_VERSYM mean."""
        return {version.number: version for version in (*self.defined, *self.needed)}


class _Broken(Exception):
    """A chain leads nowhere."""


def read_versions(layout: Layout, view: View, strings: Strings) -> Versions:
    """The version tables by their dynamic tags, or by section where there is no dynamic table."""
    broken: str | None = None
    found: list[tuple[tuple[Version, ...], int | None]] = []
    kinds = ((tags.DT_VERNEED, tags.DT_VERNEEDNUM, _needed), (tags.DT_VERDEF, tags.DT_VERDEFNUM, _defined))
    for tag, count_tag, read in kinds:
        place = _place(layout, tag, count_tag)
        if place is None:
            found.append(((), None))
            continue
        at, stored, count = place
        reader = _Reader(layout, view, at, stored)
        try:
            read(reader, count, strings)
        except _Broken as error:
            broken = f"{tags.tag_name(tag, 0)}: {error}"
        found.append((tuple(reader.versions), at))
    (needed, needed_at), (defined, defined_at) = found
    return Versions(needed, needed_at, defined, defined_at, broken)


def _place(layout: Layout, tag: int, count_tag: int) -> tuple[int, int, int] | None:
    """(at, bytes there, entries) of a table."""
    dynamic = layout.dynamic
    if dynamic is None or (address := dynamic.value(tag)) is None:
        return None
    at, stored, _ = layout.mapped(address)
    return (at, stored, dynamic.value(count_tag) or 0) if stored else None


class _Reader:
    """Reads records of a table, keeps count of links, and what was read before a chain broke."""

    def __init__(self, layout: Layout, view: View, at: int, size: int) -> None:
        self._view = view
        self._at = at
        self._mark = layout.form.mark
        # Tables are a few KB; one read serves most, and what lies further is read as it is needed.
        self._head = view.read(at, min(size, 1 << 14))
        self._size = size
        self._links = 0
        self.versions: list[Version] = []

    def record(self, into: int, form: str) -> tuple[int, ...]:
        """The numbers at a place of the table."""
        record = struct.Struct(self._mark + form)
        self._links += 1
        if self._links > CHAIN_MOST:
            raise _Broken(f"more than {CHAIN_MOST} links")
        self._view.step()
        if into + record.size > self._size:
            raise _Broken(f"a link to {into:#x}, behind the table's segment")
        if into + record.size <= len(self._head):
            return record.unpack_from(self._head, into)
        data = self._view.read(self._at + into, record.size)
        if len(data) < record.size:
            raise _Broken(f"a link to {into:#x}, past the end")
        return record.unpack(data)


def _needed(reader: _Reader, count: int, strings: Strings) -> None:
    at = 0
    for number in range(count):
        _, versions, file, aux, following = reader.record(at, "2H3I")
        library = strings.text(file)
        aux_at = at + aux
        for one in range(versions):
            _, flags, index, name, aux_next = reader.record(aux_at, "I2H2I")
            text = strings.text(name)
            if text is None or library is None:
                raise _Broken(f"a name at {name:#x}, outside the strings")
            reader.versions.append(Version(text, library, index & ~HIDDEN, names.flags(flags, FLAGS), ()))
            if not aux_next and one + 1 < versions:
                raise _Broken(f"{library}: {one + 1} of {versions} versions")
            aux_at += aux_next
        if not following and number + 1 < count:
            raise _Broken(f"{number + 1} of {count} libraries")
        at += following


def _defined(reader: _Reader, count: int, strings: Strings) -> None:
    at = 0
    for number in range(count):
        _, flags, index, links, _, aux, following = reader.record(at, "4H3I")
        texts: list[str] = []
        aux_at = at + aux
        for one in range(links):
            place, aux_next = reader.record(aux_at, "2I")
            text = strings.text(place)
            if text is None:
                raise _Broken(f"a name at {place:#x}, outside the strings")
            texts.append(text)
            if not aux_next and one + 1 < links:
                raise _Broken(f"version {index}: {one + 1} of {links} names")
            aux_at += aux_next
        name = texts[0] if texts else ""
        reader.versions.append(Version(name, None, index & ~HIDDEN, names.flags(flags, FLAGS), tuple(texts[1:])))
        if not following and number + 1 < count:
            raise _Broken(f"{number + 1} of {count} versions")
        at += following
