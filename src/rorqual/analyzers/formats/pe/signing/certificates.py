"""The attribute certificate table: WIN_CERTIFICATE entries, each with a length, a revision, a type and mostly CMS.

https://learn.microsoft.com/windows/win32/debug/pe-format#the-attribute-certificate-table-image-only
The security directory has its place in the file and its size; entries begin at multiples of eight bytes. The digest
that is signed leaves the table out, so what is put into it beside the signature costs nothing.
"""

import struct
from typing import NamedTuple

from rorqual.analyzers.formats.pe.layout import CERTIFICATE_ALIGNMENT, Part
from rorqual.sdk import View

ENTRIES_TOLD = 64  # real tables have one to three
ENTRIES_MAX = 65_536  # that are walked
DER_MAX = 1 << 22  # bytes of one entry's structure that are read: the largest known have a few 100 KiB
_HEADER = struct.Struct("<IHH")
_DER_HEAD = 6  # bytes: a tag, a length of at most five
_REVISIONS = {0x100: "1.0", 0x200: "2.0"}
PKCS_SIGNED_DATA = 2
_TYPES = {
    1: "X509",
    PKCS_SIGNED_DATA: "PKCS_SIGNED_DATA",
    3: "RESERVED_1",
    4: "TS_STACK_SIGNED",
    9: "PKCS1_SIGN",
    0xEF0: "EFI_PKCS115",
    0xEF1: "EFI_GUID",
}


class Entry(NamedTuple):
    """An entry of the table; `at` counts from the image's start."""

    at: int
    length: int
    revision: str
    type: str
    der: int  # bytes of the DER structure in it, 0 where there is none that fits

    @property
    def content_at(self) -> int:
        return self.at + _HEADER.size

    @property
    def content_end(self) -> int:
        """Just past the structure; of an entry of another kind the whole is content."""
        return self.content_at + self.der if self.der else self.at + self.length

    @property
    def end(self) -> int:
        return self.at + self.length

    @property
    def holds_signed_data(self) -> bool:
        return self.der > 0 and self.type == _TYPES[PKCS_SIGNED_DATA]


class Gap(NamedTuple):
    """Bytes of the table that belong to no structure: inside an "entry", for "alignment", or behind in the "table"."""

    at: int
    size: int
    inside: str


class Table(NamedTuple):
    """The table as it was walked; its last entry may be cut, by the end of the file."""

    entries: tuple[Entry, ...]  # the first ENTRIES_TOLD
    entry_count: int
    gaps: tuple[Gap, ...]  # with other bytes than alignment needs
    lying: tuple[int, int] | None  # (at, length) of an entry that cannot be: the walk ended there


def walk(view: View, part: Part) -> Table:
    """The entries, as far as their lengths lead."""
    entries: list[Entry] = []
    gaps: list[Gap] = []
    at, count, lying = part.at, 0, None
    while at + _HEADER.size <= part.end and count < ENTRIES_MAX:
        view.step()
        head = view.read(at, _HEADER.size + _DER_HEAD)
        if len(head) < _HEADER.size:
            break
        length, revision, kind = _HEADER.unpack_from(head)
        if not _HEADER.size <= length <= part.at + part.size - at:
            if any(head[: _HEADER.size]):
                lying = at, length
            break
        count += 1
        room = length - _HEADER.size
        der = _der_size(head[_HEADER.size :], room) if kind == PKCS_SIGNED_DATA else 0
        entry = Entry(at, length, _REVISIONS.get(revision, f"{revision:#x}"), _TYPES.get(kind, f"{kind:#x}"), der)
        if len(entries) < ENTRIES_TOLD:
            entries.append(entry)
            end = min(at + _up(length), part.end)
            inside = "entry" if entry.content_end < entry.end else "alignment"
            _note(gaps, view, entry.content_end, end, inside)
        at += _up(length)
    if at + _HEADER.size <= part.end or part.present == part.size:  # else it is a header that is cut
        _note(gaps, view, min(at, part.end), part.end, "table")
    return Table(tuple(entries), count, tuple(gaps), lying)


def _note(gaps: list[Gap], view: View, at: int, end: int, inside: str) -> None:
    """Takes note of a stretch, unless it is as short as alignment makes it and zero."""
    size = end - at
    if size >= CERTIFICATE_ALIGNMENT or any(view.read(at, size)):
        gaps.append(Gap(at, size, inside))


def _der_size(head: bytes, room: int) -> int:
    """Bytes of the SEQUENCE that begins here; 0 where there is none or it does not fit."""
    if len(head) < 2 or head[0] != 0x30:
        return 0
    size, start = head[1], 2
    if size >= 0x80:
        start += size & 0x7F
        if not 2 < start <= len(head):
            return 0
        size = int.from_bytes(head[2:start], "big")
    return start + size if start + size <= room else 0


def _up(size: int) -> int:
    return -(-size // CERTIFICATE_ALIGNMENT) * CERTIFICATE_ALIGNMENT
