"""What Go and Rust say of a build: Go's module information, the commit of Rust's compiler.

Go's stands in __go_buildinfo, at the start of the data in files without that section (formats/elf/go.py has the lines'
form); Rust's commit in the paths of the standard library's sources that panics name. A language that leaves no mark
of its own is not guessed at, and the crates that cargo-auditable writes down are not read.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.elf.go import MAGIC, SEARCHED, TEXT_MOST, VERSION_MOST, GoModule, GoSetting, parse
from rorqual.analyzers.formats.macho import names
from rorqual.analyzers.formats.macho.bodies import ROWS
from rorqual.analyzers.formats.macho.context import WOKEN, layout_of
from rorqual.analyzers.formats.macho.layout import Layout
from rorqual.sdk import Anchor, Finding, Hit, Kind, Said, View, frozen

RUST_SEARCHED = 8 << 20  # bytes of constants searched for a path of the standard library
_PIECE = 1 << 20
_COMMIT = re.compile(rb"/rustc/([0-9a-f]{40})/")
_COMMIT_WIDTH = 48
_HEADER, _ALIGN, _INLINE, _SENTINEL = 32, 16, 2, 16


@frozen
class MachOGo:
    """A program in Go; the finding spans what was read in place."""

    tag: ClassVar[str] = "macho_go"
    version: str
    inline: bool  # the form of Go 1.18 and later
    path: str  # of the main package
    module: GoModule | None
    dependencies: int
    settings: int


@frozen
class MachOGoDependencies:
    """Modules that a program in Go was built with."""

    tag: ClassVar[str] = "macho_go_dependencies"
    first: int
    rows: tuple[GoModule, ...]


@frozen
class MachOGoSettings:
    """How a program in Go was built."""

    tag: ClassVar[str] = "macho_go_settings"
    first: int
    rows: tuple[GoSetting, ...]


@frozen
class MachORust:
    """A program or library in Rust, in part at least; the finding spans the first path that says so."""

    tag: ClassVar[str] = "macho_rust"
    commit: str  # of rustc's sources, hex


class MachOBuildProbe:
    """What Go and Rust say of a build."""

    name = "macho-build"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (WOKEN,)

    def score(self, view: View, /) -> int:
        """Not used: nothing but a kind wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Go, else Rust."""
        layout = layout_of(hit)
        if layout.type in (names.CORE, names.DSYM, names.FILESET):
            return
        told = False
        for finding in _go(hit, layout):
            told = True
            yield finding
        if not told:
            yield from _rust(hit, layout)


def _go(hit: Hit, layout: Layout) -> Iterator[Finding]:
    at = _go_place(hit.view, layout)
    if at is None:
        return
    head = hit.view.exact(at, _HEADER)
    inline = bool(head[15] & _INLINE)
    size, version, text = _inline(hit.view, at) if inline else (_HEADER, *_pointed(hit.view, layout, head))
    if not version:
        return
    if len(text) > 2 * _SENTINEL and text[-_SENTINEL - 1] == ord("\n"):
        text = text[_SENTINEL:-_SENTINEL]
    path, main, modules, settings = parse(text.decode("utf-8", "replace"))
    hit.view.step(len(modules) + len(settings))
    yield hit.finding(at, size, MachOGo(names.printable(version), inline, path, main, len(modules), len(settings)))
    for first in range(0, len(modules), ROWS):
        yield hit.finding(at, size, MachOGoDependencies(first, tuple(modules[first : first + ROWS])))
    for first in range(0, len(settings), ROWS):
        yield hit.finding(at, size, MachOGoSettings(first, tuple(settings[first : first + ROWS])))


def _go_place(view: View, layout: Layout) -> int | None:
    section = layout.section("__DATA", "__go_buildinfo") or layout.section("", "__go_buildinfo")
    if section is not None:
        at, size = section.at, section.present
    elif layout.sections:
        return None
    else:
        data_segment = layout.segment(b"__DATA")
        if data_segment is None:
            return None
        at, size = data_segment.row.offset, layout.stored(data_segment.row.offset, data_segment.row.file_size)
    data = view.read(at, min(size, SEARCHED))
    into = data.find(MAGIC)
    while into >= 0 and into % _ALIGN:
        into = data.find(MAGIC, into + 1)
    return at + into if into >= 0 and len(data) >= into + _HEADER else None


def _inline(view: View, at: int) -> tuple[int, bytes, bytes]:
    data = view.read(at + _HEADER, VERSION_MOST + TEXT_MOST)
    version, end = _string(data, 0, VERSION_MOST)
    text, end = _string(data, end, TEXT_MOST)
    return _HEADER + end, version, text


def _string(data: bytes, at: int, most: int) -> tuple[bytes, int]:
    """A string with its length before it as a varint, and where it ends."""
    size, shift = 0, 0
    while at < len(data) and shift < 63:
        size |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            break
    if size > most or at + size > len(data):
        return b"", at
    return data[at : at + size], at + size


def _pointed(view: View, layout: Layout, head: bytes) -> tuple[bytes, bytes]:
    """Version and module information by pointers to headers of strings."""
    word = head[14]
    if word not in (4, 8):
        return b"", b""
    texts = []
    for number, most in enumerate((VERSION_MOST, TEXT_MOST)):
        pointer = int.from_bytes(head[16 + number * word : 16 + (number + 1) * word], layout.form.order)
        at, stored = layout.mapped(pointer)
        header = view.read(at, min(stored, 2 * word))
        address, size = (int.from_bytes(part, layout.form.order) for part in (header[:word], header[word:]))
        at, stored = layout.mapped(address)
        texts.append(view.read(at, min(stored, size)) if size <= most else b"")
    return texts[0], texts[1]


def _rust(hit: Hit, layout: Layout) -> Iterator[Finding]:
    for name in ("__const", "__cstring"):
        section = layout.section("__TEXT", name)
        if section is None:
            continue
        end = section.at + min(section.present, RUST_SEARCHED)
        for at in range(section.at, end, _PIECE):
            data = hit.view.read(at, min(_PIECE + _COMMIT_WIDTH, end - at))
            # A plain search is ten times as fast as the expression.
            if b"/rustc/" in data and (found := _COMMIT.search(data)):
                body = MachORust(found[1].decode("ascii"))
                yield hit.finding(at + found.start(), found.end() - found.start(), body)
                return
            if not data:
                break
