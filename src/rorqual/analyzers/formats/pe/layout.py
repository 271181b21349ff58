"""What lies where: sections, file places of addresses, the image's end, symbol and certificate tables.

Places are `at`s from the image's start. Every size is cut to what the file holds (`present`); one binary
search over the furthest place that any header names settles that for all of them.
"""

import struct
from bisect import bisect_right
from typing import NamedTuple

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.headers import Headers, Row
from rorqual.sdk import View

PAGE = 0x1000
SECTOR = 0x200  # Windows maps sections by whole sectors: PointerToRawData is rounded down
SYMBOL_SIZE = 18
CERTIFICATE_ALIGNMENT = 8

_CERTIFICATE = struct.Struct("<IHH")  # WIN_CERTIFICATE: dwLength, wRevision, wCertificateType
_CERTIFICATE_REVISIONS = (0x100, 0x200)
_STRINGS_HEAD = 4096  # linkers put the long section names first
_NAME_MAX = 256
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class Section(NamedTuple):
    """A row of the section table and what it comes to."""

    number: int
    row: Row
    name: str
    at: int  # where the loader reads its bytes
    present: int  # how many there are

    @property
    def end(self) -> int:
        return self.at + self.present


class Part(NamedTuple):
    """A table outside the sections: "symbols" or "certificates". `size` is as declared."""

    name: str
    at: int
    size: int
    present: int
    sound: bool  # whether what lies there starts as such a table does

    @property
    def end(self) -> int:
        return self.at + self.present


class Layout:
    """An image as a loader sees it; readers of directories take this and a view on the image's start."""

    __slots__ = (
        "_bases",
        "_mapped",
        "end",
        "headers",
        "headers_end",
        "parts",
        "present",
        "sections",
        "whole_end",
    )

    def __init__(self, view: View, headers: Headers) -> None:
        self.headers = headers
        symbols, strings = _symbols(view, headers)
        security = headers.directories[names.SECURITY :][:1]
        furthest = max(
            headers.end,
            headers.last_raw_end,
            headers.optional.size_of_headers,
            *(directory.rva + directory.size for directory in security),
            symbols.at + symbols.size if symbols else 0,
        )
        self.present = view.within(0, furthest)
        self.sections = tuple(self._section(view, index, row, strings) for index, row in enumerate(headers.rows))
        self.headers_end = self._headers_end()
        self.whole_end = max(self.headers_end, headers.last_raw_end)
        self.end = min(self.whole_end, self.present)
        tables = [symbols] if symbols else []
        tables += [_certificates(view, directory.rva, directory.size) for directory in security if directory.rva]
        sized = (part._replace(present=self._present(part.at, part.size)) for part in tables)
        self.parts = tuple(sorted(sized, key=lambda part: part.at))
        self._mapped = self._map()
        self._bases = [base for base, _, _ in self._mapped]

    def section_of(self, rva: int) -> int | None:
        """The index of the section that holds the address."""
        found = self._find(rva)
        return None if found is None else found[1].number

    def at(self, rva: int) -> int | None:
        """Where in the file the byte at the address lies; None where no byte of the file is mapped there."""
        found = self._find(rva)
        if found is not None:
            base, section, _ = found
            into = rva - base
            return section.at + into if into < section.present else None
        flat = self.headers.optional.section_alignment < PAGE
        return rva if rva < (self.present if flat else self.headers_end) else None

    def mapped(self, rva: int) -> tuple[int, int, int]:
        """What is mapped from the address on: (at, bytes in the file, bytes in memory: zeros behind the others)."""
        found = self._find(rva)
        if found is not None:
            base, section, size = found
            into = rva - base
            return section.at + into, max(0, min(section.present, size) - into), size - into
        flat = self.headers.optional.section_alignment < PAGE
        left = max(0, (self.present if flat else self.headers_end) - rva)
        return rva, left, left

    @property
    def knows_all_sections(self) -> bool:
        """Whether no declared row is cut or past the ceiling; else an address may lie in one not known."""
        return len(self.sections) == self.headers.coff.number_of_sections

    @property
    def claimed_end(self) -> int:
        """The image's end with the sound tables that directly follow it."""
        end = self.end
        for part in self.parts:
            if part.sound and end <= part.at < end + CERTIFICATE_ALIGNMENT:
                end = part.end
        return end

    def overlay(self, end: int) -> tuple[tuple[str, int, int], ...]:
        """(name, at, size) of what lies from the image's end to `end`: tables, alignment, data."""
        pieces: list[tuple[str, int, int]] = []
        at = self.end
        for part in self.parts:
            if not part.sound or part.at < at or part.end > end:
                continue
            if part.at > at:
                small = part.name == "certificates" and part.at - at < CERTIFICATE_ALIGNMENT
                pieces.append(("alignment" if small else "data", at, part.at - at))
            pieces.append((part.name, part.at, part.present))
            at = part.end
        if at < end:
            pieces.append(("data", at, end - at))
        return tuple(pieces)

    def _present(self, at: int, size: int) -> int:
        return max(0, min(size, self.present - at))

    def _section(self, view: View, index: int, row: Row, strings: "_Strings | None") -> Section:
        optional = self.headers.optional
        # Low alignment maps the file flat, and UEFI reads to the byte.
        to_the_byte = optional.section_alignment < PAGE or optional.subsystem in names.EFI_SUBSYSTEMS
        at = row.raw_pointer if to_the_byte else row.raw_pointer - row.raw_pointer % SECTOR
        present = self._present(at, row.raw_size) if row.has_raw else 0
        return Section(index, row, _name(view, row.name, strings), at, present)

    def _headers_end(self) -> int:
        """SizeOfHeaders is believed as long as it ends before the first section's bytes."""
        first = min((section.at for section in self.sections if section.present), default=self.present)
        size = self.headers.optional.size_of_headers
        return max(self.headers.end, size if size <= first else 0)

    def _map(self) -> list[tuple[int, Section, int]]:
        """(address, section, mapped size) by address; one belongs to the last that starts before it."""
        alignment = self.headers.optional.section_alignment
        mapped: list[tuple[int, Section, int]] = []
        for section in sorted(self.sections, key=lambda section: section.row.virtual_address):
            row = section.row
            base = row.virtual_address - (row.virtual_address % alignment if alignment >= PAGE else 0)
            if alignment >= PAGE:
                size = -(-(row.virtual_size or row.raw_size) // PAGE) * PAGE
            else:
                size = max(row.virtual_size, row.raw_size)
            if not size:
                continue
            if not mapped or mapped[-1][0] != base:
                mapped.append((base, section, size))
        return mapped

    def _find(self, rva: int) -> tuple[int, Section, int] | None:
        index = bisect_right(self._bases, rva) - 1
        if index < 0:
            return None
        base, _, size = self._mapped[index]
        return self._mapped[index] if rva - base < size else None


class _Strings(NamedTuple):
    at: int
    size: int
    head: bytes


def _symbols(view: View, headers: Headers) -> tuple[Part | None, _Strings | None]:
    """The COFF symbol table and the strings behind it, with the first of them read."""
    pointer = headers.coff.symbol_table_pointer
    if not pointer:
        return None, None
    strings_at = pointer + headers.coff.number_of_symbols * SYMBOL_SIZE
    head = view.read(strings_at, _STRINGS_HEAD)
    size = int.from_bytes(head[:4], "little")
    last = view.holds(strings_at + size - 1) if size > len(head) else True
    sound = len(head) >= 4 and size >= 4 and last
    whole = strings_at - pointer + (size if sound else 0)
    return Part("symbols", pointer, whole, 0, sound), _Strings(strings_at, size, head) if sound else None


def _certificates(view: View, at: int, size: int) -> Part:
    """The attribute certificate table; sound if the first entry's header is."""
    head = view.read(at, _CERTIFICATE.size)
    sound = False
    if len(head) == _CERTIFICATE.size:
        length, revision, _ = _CERTIFICATE.unpack(head)
        sound = _CERTIFICATE.size <= length <= size and revision in _CERTIFICATE_REVISIONS
    return Part("certificates", at, size, 0, sound)


def _name(view: View, raw: bytes, strings: _Strings | None) -> str:
    """A section's name: its eight bytes, or what "/decimal" or "//base64" names in the string table."""
    short = raw.rstrip(b"\0")
    place = _string_place(short)
    if place is None or strings is None or not 4 <= place < strings.size:
        return names.printable(short)
    size = min(_NAME_MAX, strings.size - place)
    data = strings.head[place : place + size]
    if len(data) < size and b"\0" not in data:
        data = view.read(strings.at + place, size)
    return names.printable(data.split(b"\0", 1)[0])


def _string_place(name: bytes) -> int | None:
    text = name.decode("latin-1")
    if text.startswith("//") and len(text) == 8 and all(c in _BASE64 for c in text[2:]):
        place = 0
        for c in text[2:]:
            place = place * 64 + _BASE64.index(c)
        return place
    if text.startswith("/") and text[1:].isascii() and text[1:].isdigit():
        return int(text[1:])
    return None
