"""What the Go linker writes of a build: .go.buildinfo, at the start of the data in files without sections.

A magic of 14 bytes, the size of a pointer and flags, aligned to 16; since Go 1.18 (flag 2) the version and the module
information follow at 32 as strings with a varint before each, formerly two pointers to string headers stood at 16.
https://pkg.go.dev/debug/buildinfo, and for the lines https://pkg.go.dev/runtime/debug#BuildInfo.
"""

from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.analyzers.formats.elf.memory import Memory
from rorqual.sdk import View

MAGIC = b"\xff Go buildinf:"
SEARCHED = 1 << 16  # bytes of the data that Go's own reader searches
TEXT_MOST = 1 << 20  # bytes of module information; programs with a thousand dependencies have 100 KB
VERSION_MOST = 1024
_HEADER, _ALIGN, _INLINE = 32, 16, 2
_SENTINEL = 16  # bytes of a mark on either side of the module information


class GoModule(NamedTuple):
    """A module: what it is called, its version, and the checksum of its content (h1:)."""

    path: str
    version: str
    checksum: str
    replaced_by: str  # path and version of the module built in its stead


class GoSetting(NamedTuple):
    """A build setting: -compiler, GOARCH, vcs.revision …"""

    name: str
    value: str


class GoBuild(NamedTuple):
    """What was found, and where."""

    at: int
    size: int
    inline: bool
    version: str
    text: str  # module information as stored, in lines


def go_build(layout: Layout, view: View) -> GoBuild | None:
    """The build information, if there is any."""
    for at, size in _places(layout):
        data = view.read(at, min(size, SEARCHED))
        into = data.find(MAGIC)
        while into >= 0 and into % _ALIGN:
            into = data.find(MAGIC, into + 1)
        if into >= 0 and len(data) >= into + _HEADER:
            return _inline(view, at + into) if data[into + 15] & _INLINE else _pointed(layout, view, at + into)
    return None


def _places(layout: Layout) -> Iterator[tuple[int, int]]:
    section = layout.section(".go.buildinfo")
    if section is not None and section.present:
        yield section.at, section.present
    elif not layout.sections:
        for row in layout.headers.segments:
            if row.type == names.PT_LOAD and row.flags & (names.PF_W | names.PF_X) == names.PF_W:
                yield row.offset, layout.stored(row.offset, row.filesz)
                return


def _inline(view: View, at: int) -> GoBuild | None:
    data = view.read(at + _HEADER, VERSION_MOST + TEXT_MOST)
    version, end = _string(data, 0, VERSION_MOST)
    text, end = _string(data, end, TEXT_MOST)
    return GoBuild(at, _HEADER + end, True, names.printable(version), _module_text(text)) if version else None


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


def _pointed(layout: Layout, view: View, at: int) -> GoBuild | None:
    head = view.exact(at, _HEADER)
    word, order = head[14], "big" if head[15] & 1 else "little"
    if word not in (4, 8):
        return None
    memory = Memory(layout, view)
    texts: list[bytes] = []
    for number, most in enumerate((VERSION_MOST, TEXT_MOST)):
        pointer = head[16 + number * word : 16 + (number + 1) * word]
        header = memory.read(int.from_bytes(pointer, "big" if order == "big" else "little"), 2 * word)
        if len(header) < 2 * word:
            texts.append(b"")
            continue
        address, size = (
            int.from_bytes(part, "big" if order == "big" else "little") for part in (header[:word], header[word:])
        )
        texts.append(memory.read(address, size) if size <= most else b"")
    version, text = texts
    return GoBuild(at, _HEADER, False, names.printable(version), _module_text(text)) if version else None


def _module_text(raw: bytes) -> str:
    """The lines between the sentinels."""
    if len(raw) >= 2 * _SENTINEL + 1 and raw[-_SENTINEL - 1] == ord("\n"):
        raw = raw[_SENTINEL:-_SENTINEL]
    return raw.decode("utf-8", "replace")


def parse(text: str) -> tuple[str, GoModule | None, list[GoModule], list[GoSetting]]:
    """(package path, main module, dependencies, settings) of the lines."""
    path, main = "", None
    modules: list[GoModule] = []
    settings: list[GoSetting] = []
    for line in text.split("\n"):
        kind, _, rest = line.partition("\t")
        fields = [_safe(one) for one in rest.split("\t")]
        fields += [""] * (3 - len(fields))
        match kind:
            case "path":
                path = fields[0]
            case "mod":
                main = GoModule(fields[0], fields[1], fields[2], "")
            case "dep":
                modules.append(GoModule(fields[0], fields[1], fields[2], ""))
            case "=>":
                other = f"{fields[0]} {fields[1]}".strip()
                if modules:
                    modules[-1] = modules[-1]._replace(replaced_by=other, checksum=fields[2])
                elif main is not None:
                    main = main._replace(replaced_by=other)
            case "build":
                name, _, value = rest.partition("=")
                settings.append(GoSetting(_safe(name), _safe(value)))
    return path, main, modules, settings


def _safe(text: str) -> str:
    return names.printable(text.encode("utf-8", "replace"))
