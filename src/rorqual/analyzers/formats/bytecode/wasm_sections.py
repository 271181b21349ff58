"""The sections of a WebAssembly module or component, walked to where they stop.

https://webassembly.github.io/spec/core/binary/modules.html and, for components,
https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md. A section has an id, a size in LEB128 and
so many bytes. Those of a module come in one order, each once; custom ones (id 0) stand anywhere and have a name.
"""

from typing import NamedTuple

from rorqual.analyzers.formats.reader import Cut, Reader
from rorqual.sdk import Malformed, View

HEADER = 8
SECTIONS_MOST = 100_000  # custom ones, and those of components, may be many
NAME_MOST = 4096
CUSTOM, IMPORT, FUNCTION, MEMORY, EXPORT, CODE, DATA = 0, 2, 3, 5, 7, 10, 11
ORDER = {
    1: 1,
    2: 2,
    3: 3,
    4: 4,
    5: 5,
    13: 6,
    6: 7,
    7: 8,
    8: 9,
    9: 10,
    12: 11,
    10: 12,
    11: 13,
}  # 13: tags, 12: data count
NAMES = {
    1: "type", 2: "import", 3: "function", 4: "table", 5: "memory", 6: "global", 7: "export", 8: "start", 9: "element",
    10: "code", 11: "data", 12: "data_count", 13: "tag",
}  # fmt: skip
COMPONENT_LAST = 12  # ids of components' sections go so far


class Section(NamedTuple):
    """A section; `at` is where its content begins, behind a custom one's name."""

    id: int
    at: int
    end: int
    name: bytes  # of a custom one
    entries: int  # as it says first; 0 for custom ones and in components


def sections(view: View, *, component: bool) -> tuple[list[Section], bool]:
    """All that follow each other, and whether the last of them is cut by the end of the source."""
    reader = Reader(view, HEADER)
    found: list[Section] = []
    last = 0
    while len(found) < SECTIONS_MOST:
        try:
            section = _section(reader, last, component=component)
        except Cut:
            return found, True
        except Malformed:
            break
        if section is None:
            break
        found.append(section)
        last = last if section.id == CUSTOM or component else ORDER[section.id]
        reader.at = section.end
    return found, False


def _section(reader: Reader, last: int, *, component: bool) -> Section | None:
    """The next one; None where nothing follows that could be one."""
    lead = reader.peek(1)
    if not lead:
        return None
    id = reader.byte()
    if component:
        reader.check(id <= COMPONENT_LAST, "the id of a section")
    else:
        reader.check(id == CUSTOM or ORDER.get(id, 0) > last, "the id of a section that may follow")
    size = reader.leb()
    at = reader.at
    end = at + size
    name, count = b"", 0
    if id == CUSTOM:
        length = reader.leb()
        reader.check(reader.at + length <= end, "a name inside its section")
        name = reader.take(min(length, NAME_MOST))
        _utf8(reader, name, whole=length <= NAME_MOST)
        at = reader.at
    elif not component:
        count = reader.leb()
        reader.check(reader.at <= end and (id in (8, 12) or count <= size), "a count that the section has room for")
    reader.reach(end)
    return Section(id, at, end, name, count)


def _utf8(reader: Reader, name: bytes, *, whole: bool) -> None:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError as error:
        reader.check(not whole and error.start >= len(name) - 4, "a name in UTF-8")


def bodies_fit(view: View, code: Section) -> bool:
    """Whether the bodies of the functions fill the section; asked of the first few thousand."""
    reader = Reader(view, code.at)
    count = reader.leb()
    for _ in range(min(count, 4096)):
        reader.skip(reader.leb())
        if reader.at > code.end:
            return False
    return reader.at == code.end or count > 4096


def names_in(view: View, section: Section, *, pairs: bool, most: int) -> list[bytes]:
    """What is imported ("module.name") or exported, the first `most`."""
    reader = Reader(view, section.at)
    found: list[bytes] = []
    for _ in range(min(reader.leb(), most)):
        parts = [reader.take(min(reader.leb(), NAME_MOST)) for _ in range(2 if pairs else 1)]
        found.append(b".".join(parts))
        kind = reader.byte()
        if not pairs:
            reader.leb()
        else:
            _import(reader, kind)
        if reader.at > section.end:
            found.pop()
            break
    return found


def _import(reader: Reader, kind: int) -> None:
    """What is told of an import: a type's index, a table, a memory, a global, a tag."""
    if kind == 1:
        _type(reader)
    if kind in (1, 2):
        limits = reader.byte()
        for _ in range(1 + (limits & 1)):
            reader.leb(10)
    elif kind == 3:
        _type(reader)
        reader.byte()
    else:
        if kind == 4:
            reader.byte()
        reader.leb()


def _type(reader: Reader) -> None:
    if reader.byte() in (0x63, 0x64):  # a reference to a type that follows
        reader.leb()


def producers(view: View, section: Section, most: int) -> list[tuple[str, str]]:
    """The fields of a "producers" section: language, tools, SDK, each with a version."""
    reader = Reader(view, section.at)
    told: list[tuple[str, str]] = []
    for _ in range(min(reader.leb(), 8)):
        field = _text(reader)
        for _ in range(min(reader.leb(), 16)):
            what, version = _text(reader), _text(reader)
            if reader.at > section.end or len(told) == most:
                return told
            told.append((field, f"{what} {version}".strip()))
    return told


def _text(reader: Reader) -> str:
    return reader.take(min(reader.leb(), 256)).decode("utf-8", "backslashreplace")


def module_name(view: View, section: Section) -> bytes:
    """The module's own name out of a "name" section, empty where it has none."""
    reader = Reader(view, section.at)
    if section.at == section.end or reader.byte() != 0:
        return b""
    reader.leb()
    return reader.take(min(reader.leb(), 256))
