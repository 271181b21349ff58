"""The entry point and what the image is made with: packers, protectors, compilers, installers, runtimes.

The code at the entry point is compared with packers.csv (packers.py says what a row must prove); upx.py, installers.py
and toolchains.py have what is proven by structures. Names of sections alone prove nothing here, and neither do strings
wherever they stand. Code is not emulated, so that a packer without a mark of its own is not named.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.pe.headers import likelihood, read_headers
from rorqual.analyzers.formats.pe.layout import Layout, Section
from rorqual.analyzers.formats.pe.origin.appended import appended, fused
from rorqual.analyzers.formats.pe.origin.installers import installers
from rorqual.analyzers.formats.pe.origin.packers import ENTRY_BYTES, matching
from rorqual.analyzers.formats.pe.origin.protectors import protectors
from rorqual.analyzers.formats.pe.origin.signs import PACKER, Sign, Subject
from rorqual.analyzers.formats.pe.origin.toolchains import toolchains
from rorqual.analyzers.formats.pe.origin.upx import pack_header
from rorqual.sdk import Anchor, Hit, Kind, Malformed, Said, View, frozen

_END = Kind("end")
_KIND = Kind("pe")
_JUMP = struct.Struct("<Bi")  # jmp rel32


@frozen
class PEEntryPoint:
    """Where execution begins; the finding spans the bytes shown."""

    tag: ClassVar[str] = "pe_entry_point"
    rva: int
    section: int | None  # index
    section_name: str | None
    code: str  # the first 64 bytes, hex digits


@frozen
class PESignature:
    """Something that the image was made, packed or wrapped with; the finding spans the bytes that prove it."""

    tag: ClassVar[str] = "pe_signature"
    name: str
    kind: str  # packer, protector, compiler, installer, sfx, runtime
    version: str | None  # as its own mark has it
    proof: str
    place: int  # offset of the proof


class PEEntry:
    """Tells the entry point, and what made the image."""

    name = "pe-entry"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (_KIND, _END, Anchor(rb"dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX"))

    def score(self, view: View, /) -> int:
        """Kinds need none, and the word that Electron's fuses begin with is its own proof."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """At an image its entry point and signatures; at the end of one what is appended there; fuses at their word."""
        if hit.trigger != _KIND:
            view = hit.view.sub(-hit.offset)
            if not likelihood(view):
                return
            if hit.trigger == _END:
                layout = Layout(view, read_headers(view))
                for sign in appended(view, layout, hit.offset):
                    yield _said(hit, -hit.offset, sign)
            else:
                for sign in fused(hit.view):
                    yield _said(hit, 0, sign)
            return
        if not isinstance(hit.context, Layout):
            raise Malformed(hit.offset, "a PE's layout")
        subject = Subject(hit.view, hit.context)
        yield from _entry_point(hit, subject)
        told: set[str] = set()
        for sign in (*_unpackers(subject), *installers(subject), *toolchains(subject), *_loaders(subject)):
            if sign.name not in told or sign.version is not None:  # a second proof adds nothing but a version
                told.add(sign.name)
                yield _said(hit, 0, sign)


def _said(hit: Hit, base: int, sign: Sign) -> Said:
    body = PESignature(sign.name, sign.kind, sign.version, sign.proof, hit.offset + base + sign.at)
    return hit.finding(base + sign.at, sign.size, body)


def _entry_point(hit: Hit, subject: Subject) -> Iterator[Said]:
    at, section, code = _entered(subject)
    if at is not None:
        index, name = (None, None) if section is None else (section.number, section.name)
        rva = subject.layout.headers.optional.entry_point
        yield hit.finding(at, len(code), PEEntryPoint(rva, index, name, code.hex()))


def _entered(subject: Subject) -> tuple[int | None, Section | None, bytes]:
    """Where the entry point lies in the file, the section there, and the first bytes of the code."""
    layout = subject.layout
    rva = layout.headers.optional.entry_point
    at = layout.at(rva) if rva else None
    if at is None:
        return None, None, b""
    index = layout.section_of(rva)
    section = None if index is None else layout.sections[index]
    size = ENTRY_BYTES if section is None else min(ENTRY_BYTES, section.end - at)
    return at, section, subject.view.read(at, size)


def _unpackers(subject: Subject) -> Iterator[Sign]:
    header = pack_header(subject.view, subject.layout)
    if header is not None:
        yield Sign("UPX", PACKER, header.release, header.proof, header.at, header.size)


def _loaders(subject: Subject) -> Iterator[Sign]:
    """What the code at the entry point proves, or that which it jumps to at once, as some loaders begin."""
    layout = subject.layout
    at, section, code = _entered(subject)
    if at is None or layout.headers.coff.machine not in (0x14C, 0x8664):
        return
    sections = [one.name for one in layout.sections]
    places = [(code, at)]
    if len(code) >= _JUMP.size and code[0] == 0xE9:
        target = layout.headers.optional.entry_point + _JUMP.size + _JUMP.unpack_from(code)[1]
        target_at = layout.at(target) if target >= 0 else None
        if target_at is not None:
            places.append((subject.view.read(target_at, ENTRY_BYTES), target_at))
    for data, place in places:
        for row in matching(data, sections):
            yield Sign(row.name, row.kind, row.version, row.proof(), place, row.size)
            break
    yield from protectors(subject, section, code, at)
