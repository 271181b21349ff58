"""Notes: a name, a type that the name's owner gave a meaning, and a descriptor; one after the other in PT_NOTE segments
and SHT_NOTE sections (https://gabi.xinuos.com/elf/07-pheader.html#note-section).

Words have four bytes in both classes. Name and descriptor are aligned to four, in segments and sections aligned to
eight to that: https://github.com/hjl-tools/linux-abi/wiki has it for .note.gnu.property.
"""

import struct
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.sdk import View

NAME_MOST = 256  # bytes of an owner's name; honest ones have a dozen
_HEAD = 1 << 16  # bytes of a segment's notes read at once

GNU: Mapping[int, str] = {1: "ABI_TAG", 2: "HWCAP", 3: "BUILD_ID", 4: "GOLD_VERSION", 5: "PROPERTY_TYPE_0"}
_TYPES: Mapping[str, Mapping[int, str]] = {
    "GNU": GNU,
    "Go": {1: "PKG_LIST", 2: "ABI_HASH", 3: "DEPS", 4: "BUILD_ID"},
    "stapsdt": {3: "STAPSDT"},
    "Android": {1: "IDENT", 3: "KUSER", 4: "MEMTAG"},
    "FreeBSD": {1: "ABI_TAG", 2: "NOINIT_TAG", 3: "ARCH_TAG", 4: "FEATURE_CTL"},
    "NetBSD": {1: "IDENT", 3: "PAX", 5: "MARCH", 6: "CMODEL"},
    "PaX": {3: "PAX"},
    "OpenBSD": {1: "IDENT"},
    "DragonFly": {1: "ABI_TAG"},
    "FDO": {0xCAFE1A7E: "PACKAGING_METADATA", 0x407C0C0A: "DLOPEN_METADATA"},
    "Linux": {0x100: "BUILD_SALT", 0x101: "LTO_INFO"},
}
PRSTATUS, PRPSINFO, FILE = 1, 3, 0x46494C45
_CORE: Mapping[int, str] = {
    1: "PRSTATUS",
    2: "FPREGSET",
    3: "PRPSINFO",
    4: "TASKSTRUCT",
    6: "AUXV",
    0x202: "X86_XSTATE",
    0x400: "ARM_VFP",
    0x401: "ARM_TLS",
    0x405: "ARM_SVE",
    0x406: "ARM_PAC_MASK",
    0x46494C45: "FILE",
    0x46E62B7F: "PRXFPREG",
    0x53494749: "SIGINFO",
}


class Note(NamedTuple):
    """A note; `at` is that of its descriptor, of which `size` bytes are declared."""

    start: int
    name: str
    type: int
    at: int
    size: int

    @property
    def type_name(self) -> str:
        """BUILD_ID, PRSTATUS, 0x4f4d."""
        owner = _CORE if self.name in ("CORE", "LINUX") else _TYPES.get(self.name, {})
        return owner.get(self.type) or f"{self.type:#x}"


class Span(NamedTuple):
    """Where notes lie one after the other."""

    at: int
    size: int
    grain: int


def spans(layout: Layout) -> Iterator[Span]:
    """The segments of notes, and the sections of notes that lie in none of them."""
    covered: list[tuple[int, int]] = []
    for row in layout.headers.segments:
        if row.type == names.PT_NOTE and (size := layout.stored(row.offset, row.filesz)):
            covered.append((row.offset, row.offset + size))
            yield Span(row.offset, size, 8 if row.align == 8 else 4)
    for section in layout.sections:
        if section.row.type != names.SHT_NOTE or not section.present:
            continue
        if not any(start <= section.at < end for start, end in covered):
            yield Span(section.at, section.present, 8 if section.row.addralign == 8 else 4)


def notes(layout: Layout, view: View, span: Span) -> Iterator[Note]:
    """The notes of a span, up to the first that does not fit in."""
    head = view.read(span.at, min(span.size, _HEAD))
    form = struct.Struct(f"{layout.form.mark}3I")
    into = 0
    while into + form.size <= span.size:
        view.step()
        record = _part(view, span, head, into, form.size)
        if len(record) < form.size:
            return
        name_size, size, kind = form.unpack(record)
        at = _up(into + form.size + name_size, span.grain)
        if at + size > span.size:
            return
        name = _part(view, span, head, into + form.size, min(name_size, NAME_MOST)).split(b"\0", 1)[0]
        yield Note(span.at + into, names.printable(name), kind, span.at + at, size)
        into = _up(at + size, span.grain)


def _part(view: View, span: Span, head: bytes, into: int, size: int) -> bytes:
    if into + size <= len(head):
        return head[into : into + size]
    return view.read(span.at + into, size)


def _up(value: int, grain: int) -> int:
    return -(-value // grain) * grain
