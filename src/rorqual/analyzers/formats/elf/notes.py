"""Notes and the sections that say who built a file and where the rest of it is: build id, ABI, package, debug links.

note_table.py has the structure. Descriptors whose owner is not known here are told as the first bytes of them.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.bodies import ROWS
from rorqual.analyzers.formats.elf.context import WOKEN, layout_of
from rorqual.analyzers.formats.elf.core_notes import Core, core_findings
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.analyzers.formats.elf.note_table import Note, notes, spans
from rorqual.analyzers.formats.elf.properties import properties
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Said, View, frozen

NOTES_TOLD = 4096  # the C library has a few hundred probes for SystemTap; core files a dozen for each thread
DESCRIPTOR_TOLD = 64  # bytes of a descriptor; build ids have 20 or 32
DESCRIPTOR_READ = 4096  # bytes of one with text in it; package metadata has a few hundred
LINK_MOST = 4096  # bytes of a debug link's section
_SYSTEMS = ("Linux", "Hurd", "Solaris", "FreeBSD", "NetBSD", "Syllable", "NaCl")


class ELFNote(NamedTuple):
    """A note."""

    name: str
    type: str
    offset: int  # of the note in the source
    descriptor_size: int
    descriptor: bytes  # at most DESCRIPTOR_TOLD


@frozen
class ELFNotes:
    """Notes; the finding spans them from the first to the last."""

    tag: ClassVar[str] = "elf_notes"
    first: int
    rows: tuple[ELFNote, ...]


class ELFProperty(NamedTuple):
    """A GNU property."""

    name: str
    values: tuple[str, ...]


class ELFPackageField(NamedTuple):
    """A field of the package metadata: type, name, version, architecture, osCpe …"""

    name: str
    value: str


@frozen
class ELFIdentity:
    """What notes and sections say of a file's origin; the finding spans the first of them."""

    tag: ClassVar[str] = "elf_identity"
    build_id: str | None = None  # hex
    abi: str | None = None  # system and its lowest version, as in "Linux 3.2.0"
    gold_version: str | None = None
    go_build_id: str | None = None
    properties: tuple[ELFProperty, ...] = ()
    stapsdt_probes: int = 0
    android_api: int | None = None
    android_ndk: str | None = None
    package: tuple[
        ELFPackageField, ...
    ] = ()  # https://uapi-group.org/specifications/specs/package_metadata_for_executable_files/
    debug_link: str | None = None
    debug_link_crc: str | None = None  # CRC-32 of that file, hex
    debug_alternative: str | None = None
    debug_alternative_id: str | None = None  # hex
    debug_data: int = 0  # bytes of .gnu_debugdata, an XZ stream with a symbol table
    notes: int = 0
    notes_told: int = 0


@dataclass
class _Known:
    """What is known of an identity so far."""

    start: int | None = None
    end: int = 0
    notes: int = 0
    properties: list[ELFProperty] = field(default_factory=list)
    values: dict[str, str | int | tuple[ELFPackageField, ...]] = field(default_factory=dict)

    def seen(self, at: int, size: int) -> None:
        if self.start is None:
            self.start, self.end = at, at + size


class ELFNotesProbe:
    """Notes, debug links and core files' notes of an ELF file."""

    name = "elf-notes"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (WOKEN,)

    def score(self, view: View, /) -> int:
        """Not used: nothing but a kind wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The notes, then what they say together."""
        layout = layout_of(hit)
        known, core = _Known(), Core()
        yield from _notes(hit, layout, known, core)
        _links(layout, hit.view, known)
        if layout.type == names.CORE:
            yield from core_findings(hit, layout, core)
        if known.start is not None and (known.values or known.properties or known.notes):
            properties = tuple(known.properties)
            told = min(known.notes, NOTES_TOLD)
            allowed = {one.name for one in fields(ELFIdentity)}
            values = {name: value for name, value in known.values.items() if name in allowed}
            body = ELFIdentity(**values, properties=properties, notes=known.notes, notes_told=told)  # type: ignore[arg-type]  # each value is that of its name
            yield hit.finding(known.start, known.end - known.start, body)


def _notes(hit: Hit, layout: Layout, known: _Known, core: Core) -> Iterator[Finding]:
    rows: list[ELFNote] = []
    starts: list[int] = []
    end, told = 0, 0
    for span in spans(layout):
        last = span.at
        for note in notes(layout, hit.view, span):
            last = note.at + note.size
            known.notes += 1
            if known.notes > NOTES_TOLD:
                continue
            data = hit.view.read(note.at, min(note.size, DESCRIPTOR_READ))
            known.seen(note.start, last - note.start)
            if layout.type == names.CORE:
                core.take(layout, note, data)
            else:
                _take(layout, note, data, known)
            # Probes are counted: there are hundreds, and each is a place in the code.
            if note.name != "stapsdt":
                rows.append(
                    ELFNote(note.name, note.type_name, hit.offset + note.start, note.size, data[:DESCRIPTOR_TOLD])
                )
                starts.append(note.start)
                end = max(end, last)
            if len(rows) == ROWS:
                yield hit.finding(min(starts), end - min(starts), ELFNotes(told, tuple(rows)))
                told += ROWS
                rows, starts, end = [], [], 0
        if span.at + span.size - last > 16:
            proof = f"notes end at {last:#x}, the segment or section at {span.at + span.size:#x}"
            yield hit.finding(span.at, span.size, Anomaly("notes_broken", proof))
    if rows:
        yield hit.finding(min(starts), end - min(starts), ELFNotes(told, tuple(rows)))


def _take(layout: Layout, note: Note, data: bytes, known: _Known) -> None:
    """Takes what a note says."""
    values, order = known.values, layout.form.order
    match note.name, note.type:
        case "GNU", 1 if len(data) >= 16:
            system, *version = struct.unpack(f"{layout.form.mark}4I", data[:16])
            named = _SYSTEMS[system] if system < len(_SYSTEMS) else str(system)
            values["abi"] = f"{named} {'.'.join(map(str, version))}"
        case "GNU", 3:
            values.setdefault("build_id", data[:DESCRIPTOR_TOLD].hex())
        case "GNU", 4:
            values["gold_version"] = _text(data)
        case "GNU", 5:
            told = properties(data, layout.form, layout.machine)
            known.properties += [ELFProperty(name, texts) for name, texts, _ in told]
        case "Go", 4:
            values["go_build_id"] = _text(data)
        case "stapsdt", 3:
            known.values["stapsdt_probes"] = int(str(values.get("stapsdt_probes", 0))) + 1
        case "Android", 1 if len(data) >= 4:
            values["android_api"] = int.from_bytes(data[:4], order)
            values["android_ndk"] = " ".join(filter(None, (_text(data[4:68]), _text(data[68:132]))))
        case (("FreeBSD" | "NetBSD" | "OpenBSD" | "DragonFly"), 1) if len(data) >= 4:
            values.setdefault("abi", f"{note.name} {int.from_bytes(data[:4], order)}")
        case "FDO", 0xCAFE1A7E:
            values["package"] = tuple(_package(data))


def _package(data: bytes) -> Iterator[ELFPackageField]:
    try:
        found = json.loads(data.rstrip(b"\0"))
    except (ValueError, RecursionError):  # not text, not JSON, or nested too deep to be a package's
        return
    if isinstance(found, dict):
        for name, value in found.items():
            text = value if isinstance(value, str) else json.dumps(value)
            yield ELFPackageField(names.printable(name.encode()), names.printable(text.encode()))


def _links(layout: Layout, view: View, known: _Known) -> None:
    """Takes what the sections about debugging information say."""
    values = known.values
    if (section := layout.section(".gnu_debuglink")) and section.present:
        data = view.read(section.at, min(section.present, LINK_MOST))
        name, _, rest = data.partition(b"\0")
        at = -(-(len(name) + 1) // 4) * 4
        if rest and len(data) >= at + 4:
            values["debug_link"] = names.printable(name)
            values["debug_link_crc"] = f"{int.from_bytes(data[at : at + 4], layout.form.order):08x}"
            known.seen(section.at, section.present)
    if (section := layout.section(".gnu_debugaltlink")) and section.present:
        name, _, build_id = view.read(section.at, min(section.present, LINK_MOST)).partition(b"\0")
        values["debug_alternative"] = names.printable(name)
        values["debug_alternative_id"] = build_id[:DESCRIPTOR_TOLD].hex()
        known.seen(section.at, section.present)
    if (section := layout.section(".gnu_debugdata")) and section.present:
        values["debug_data"] = section.present
        known.seen(section.at, section.present)


def _text(data: bytes) -> str:
    return names.printable(data.split(b"\0", 1)[0])
