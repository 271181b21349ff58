"""WebAssembly: "\\0asm", a version, and sections up to where the next byte cannot begin one.

https://webassembly.github.io/spec/core/binary/modules.html. Instructions and types are not read; of components no more
than the sections.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.bytecode import WASM
from rorqual.analyzers.formats.bytecode import wasm_sections as parts
from rorqual.analyzers.formats.bytecode.wasm_sections import Section
from rorqual.analyzers.formats.reader import Reader, told
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Anomaly, Extent, Hit, Malformed, Room, Said, View, frozen

LIST_MOST = 64  # imports, exports, custom sections told
TEXT_MOST = 256
ROOMS_MOST = 64
FITTING = {parts.TYPE: parts.types_fit, parts.FUNCTION: parts.indices_fit, parts.CODE: parts.bodies_fit}
METADATA = (b"name", b"producers", b"target_features", b"sourceMappingURL", b"external_debug_info", b"build_id")


@frozen
class WasmModule:
    """A module or component. The finding spans its sections."""

    tag: ClassVar[str] = "wasm_module"
    component: bool
    name: str | None
    sections: tuple[str, ...]  # in their order, the first 64; custom ones by their names
    functions: int  # with a body here
    memories: int
    imports: tuple[str, ...]  # "module.name", the first 64
    import_count: int
    exports: tuple[str, ...]
    export_count: int
    data_segments: int
    producers: tuple[str, ...]  # "language: Rust", "processed-by: rustc 1.70.0"
    source_map: str | None
    debugging: bool  # has sections of debugging information
    cut: bool  # the last section goes on behind the end of the source


class Wasm:
    """Finds WebAssembly anywhere."""

    name = "wasm"
    version = 1
    wakes_on = WASM

    def score(self, view: View, /) -> int:
        """A first section there is."""
        first = view.read(8, 1)
        return int(bool(first) and first[0] <= 13)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        component = view.exact(6, 2) != b"\0\0"
        found, cut = parts.sections(view, component=component)
        if not found:
            raise Malformed(hit.offset + parts.HEADER, "a section")
        by_id = {section.id: section for section in found if section.id != parts.CUSTOM} if not component else {}
        code = by_id.get(parts.CODE)
        functions = by_id[parts.FUNCTION].entries if parts.FUNCTION in by_id else 0
        bodies = code.entries if code is not None else 0
        if not cut and bodies != functions:
            raise Malformed(hit.offset + parts.HEADER, f"{functions} bodies of functions")
        for id, fits in FITTING.items():
            if id in by_id and not fits(view, by_id[id]):
                raise Malformed(hit.offset + by_id[id].at, "entries that fill their section")
        end = found[-1].end
        yield hit.finding(0, end, _body(view, found, by_id, component=component, cut=cut))
        solid = [section for section in found if section.id != parts.CUSTOM]
        if (len(solid) > 1 and functions == bodies) if cut else (solid or found[0].name):
            yield Extent(0, end, "wasm", "sections in order, each as long as it says", "start")
        rooms = 0
        for section in found:
            if section.id == parts.CUSTOM and rooms < ROOMS_MOST and told(view, section.at, section.end - section.at):
                known = section.name in METADATA or section.name.startswith(b".debug_")
                use = "metadata" if known else "private" if section.name else "nameless"
                yield hit.finding(section.at, section.end - section.at, Room("wasm", use))
                rooms += 1
        for section in found:
            if section.id == parts.CUSTOM and not section.name:
                yield hit.finding(
                    section.at, section.end - section.at, Anomaly("custom_section_nameless", "name of 0 bytes")
                )
                break


def _body(view: View, found: list[Section], by_id: dict[int, Section], *, component: bool, cut: bool) -> WasmModule:
    customs = {section.name: section for section in found if section.id == parts.CUSTOM}
    imports = _names(view, by_id.get(parts.IMPORT), pairs=True)
    exports = _names(view, by_id.get(parts.EXPORT), pairs=False)
    return WasmModule(
        component=component,
        name=_module_name(view, customs.get(b"name")),
        sections=tuple(_called(section, component=component) for section in found[:LIST_MOST]),
        functions=_count(by_id.get(parts.CODE)),
        memories=_count(by_id.get(parts.MEMORY)),
        imports=imports,
        import_count=_count(by_id.get(parts.IMPORT)),
        exports=exports,
        export_count=_count(by_id.get(parts.EXPORT)),
        data_segments=_count(by_id.get(parts.DATA)),
        producers=_producers(view, customs.get(b"producers")),
        source_map=_source_map(view, customs.get(b"sourceMappingURL")),
        debugging=any(name.startswith(b".debug_") for name in customs),
        cut=cut,
    )


def _count(section: Section | None) -> int:
    return section.entries if section is not None else 0


def _called(section: Section, *, component: bool) -> str:
    if section.id == parts.CUSTOM:
        return printable(section.name[:TEXT_MOST])
    return str(section.id) if component else parts.NAMES[section.id]


def _names(view: View, section: Section | None, *, pairs: bool) -> tuple[str, ...]:
    if section is None:
        return ()
    try:
        names = parts.names_in(view, section, pairs=pairs, most=LIST_MOST)
    except Malformed:  # types of a later proposal
        return ()
    return tuple(printable(name[:TEXT_MOST]) for name in names)


def _module_name(view: View, section: Section | None) -> str | None:
    try:
        name = parts.module_name(view, section) if section is not None else b""
    except Malformed:
        return None
    return printable(name) or None


def _producers(view: View, section: Section | None) -> tuple[str, ...]:
    try:
        return tuple(f"{what}: {who}" for what, who in parts.producers(view, section, 16)) if section else ()
    except Malformed:
        return ()


def _source_map(view: View, section: Section | None) -> str | None:
    if section is None:
        return None
    reader = Reader(view, section.at)
    try:
        return printable(reader.take(min(reader.leb(), TEXT_MOST)))
    except Malformed:
        return None
