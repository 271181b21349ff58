"""Header, segments, sections, dynamic table, dynamic symbols and notes of an ELF file, against GNU readelf's text."""

import os
import re
import shutil
import subprocess
from collections.abc import Hashable, Iterator, Mapping

from rorqual.analyzers.formats.elf.bodies import ELFImage, ELFSection, ELFSegments
from rorqual.analyzers.formats.elf.dynamic import ELFDynamicEntries
from rorqual.analyzers.formats.elf.notes import ELFIdentity, ELFNotes
from rorqual.analyzers.formats.elf.symbols import ELFSymbols
from tests.parity.case import Case, Row, keyed

_PROGRAM = shutil.which("readelf")
_SEGMENT = re.compile(
    r"  (\S+) +0x([0-9a-f]+) 0x([0-9a-f]+) 0x([0-9a-f]+) 0x([0-9a-f]+) 0x([0-9a-f]+) (...) (?:0x)?([0-9a-f]+)"
)
_SECTION = re.compile(
    r"  \[ *(\d+)\] (.*?) +(\S+) +([0-9a-f]{8,16}) ([0-9a-f]{6,}) ([0-9a-f]{6,}) ([0-9a-f]{2,}) +(\w*) +(\d+) +(\d+) +(\d+)$"
)
_DYNAMIC = re.compile(r" 0x([0-9a-f]+) \((.*?)\) +(.*)")
_SYMBOL = re.compile(r" +(\d+): ([0-9a-f]+) +(0x[0-9a-f]+|\d+) (\S+) +(\S+) +(\S+) (?:\[.*?\])? +(\S+)(?: (.*))?$")
_FLAGS = {"W": "WRITE", "A": "ALLOC", "X": "EXECINSTR", "M": "MERGE", "S": "STRINGS", "I": "INFO_LINK"} | {
    "L": "LINK_ORDER",
    "O": "OS_NONCONFORMING",
    "G": "GROUP",
    "T": "TLS",
    "C": "COMPRESSED",
    "E": "EXCLUDE",
}


def compare(case: Case) -> Iterator[Row]:
    """All of it, as far as readelf is installed."""
    image = case.one(ELFImage)
    if _PROGRAM is None:
        case.skipped["all of readelf, which is not installed"] += 1
        return
    if image is None:
        yield Row("readelf", "file.accepted", False, True)
        return
    head = dict(re.findall(r"^  ([^:\n]+): +(.*)$", _said(case, "-h"), re.MULTILINE))
    for field, mine, name in (
        ("format", image.format, "Class"),
        ("entry_point", image.entry_point, "Entry point address"),
        ("segments_offset", image.program_headers_offset or 0, "Start of program headers"),
        ("sections_offset", image.section_headers_offset or 0, "Start of section headers"),
        ("flags", image.flags, "Flags"),
        ("header_size", image.header_size, "Size of this header"),
        ("program_header_size", image.program_header_size, "Size of program headers"),
        ("section_header_size", image.section_header_size, "Size of section headers"),
        ("number_of_segments", image.number_of_segments, "Number of program headers"),
        ("number_of_sections", image.number_of_sections, "Number of section headers"),
        ("names_section", image.names_section, "Section header string table index"),
    ):
        text = re.sub(r"^\d+ \((\d+)\)$", r"\1", head.get(name, ""))  # what stands in section 0 follows in brackets
        value = text.split(",")[0].split(" ")[0]
        yield Row("readelf", f"header.{field}", mine, value if field == "format" else int(value or "0", 0))
    yield from _segments(case)
    yield from _sections(case)
    yield from _dynamic(case)
    yield from _symbols(case)
    identity = case.one(ELFIdentity)
    notes = _said(case, "-n")
    sizes = sorted(int(match[1], 16) for match in re.finditer(r"^  \S.*[ \t]0x([0-9a-f]{8})\t", notes, re.MULTILINE))
    rows = sorted(row.descriptor_size for row in case.table(ELFNotes))
    probes = identity.stapsdt_probes if identity else 0
    yield Row("readelf", "note.count", len(rows) + probes, len(sizes))
    if not probes:
        yield Row("readelf", "note.sizes", rows, sizes)
    found = re.search(r"Build ID: ([0-9a-f]+)", notes)
    yield Row("readelf", "note.build_id", identity.build_id if identity else None, found[1] if found else None)


def _short(name: str, theirs: str) -> str:
    """A segment type as readelf shows it: the machine mostly left out, cut to fourteen characters."""
    return next((one[:14] for one in (name, name.partition("_")[2]) if one[:14] == theirs), name)


def _said(case: Case, option: str) -> str:
    environment = os.environ | {"LC_ALL": "C"}
    done = subprocess.run(
        [_PROGRAM or "readelf", "-W", option, str(case.path)],
        capture_output=True,
        env=environment,
        check=False,
        timeout=120,
    )
    return done.stdout.decode("utf-8", "backslashreplace")


def _segments(case: Case) -> Iterator[Row]:
    rows = case.table(ELFSegments)
    told = [match for line in _said(case, "-l").splitlines() if (match := _SEGMENT.match(line))]
    yield Row("readelf", "segment.count", len(rows), len(told))
    for row, match in zip(rows, told, strict=False):
        label = f"segment[{row.number}]"
        numbers = [int(part, 16) for part in (*match.groups()[1:6], match[8])]
        names = ("offset", "virtual_address", "physical_address", "file_size", "memory_size", "alignment")
        for name, number in zip(names, numbers, strict=True):
            yield Row("readelf", f"{label}.{name}", getattr(row, name), number)
        yield Row("readelf", f"{label}.type", _short(row.type, match[1]), match[1])
        rights = {"R": 4, "W": 2, "E": 1, " ": 0}
        yield Row("readelf", f"{label}.flags", row.flags & 7, sum(rights[letter] for letter in match[7]))


def _sections(case: Case) -> Iterator[Row]:
    rows = {body.index: body for body in case.all(ELFSection)}
    told = {int(match[1]): match for line in _said(case, "-S").splitlines() if (match := _SECTION.match(line))}
    told.pop(0, None)
    rows.pop(0, None)
    yield Row("readelf", "section.count", len(rows), len(told))
    for index in rows.keys() & told.keys():
        row, match, label = rows[index], told[index], f"section[{index}]"
        for name, mine, other in (
            ("type", row.type.removeprefix("GNU_VER"), match[3].removeprefix("VER")),
            ("address", row.address, int(match[4], 16)),
            ("offset", row.offset, int(match[5], 16)),
            ("declared_size", row.declared_size, int(match[6], 16)),
            ("entry_size", row.entry_size, int(match[7], 16)),
            ("link", row.link, int(match[9])),
            ("info", row.info, int(match[10])),
            ("alignment", row.alignment, int(match[11])),
            (
                "flags",
                {flag for flag in row.flags if flag in _FLAGS.values()},
                {_FLAGS[one] for one in match[8] if one in _FLAGS},
            ),
            ("name", row.name[: len(match[2])] if match[2] else row.name, match[2]),
        ):
            yield Row("readelf", f"{label}.{name}", mine, other)


def _dynamic(case: Case) -> Iterator[Row]:
    rows = case.table(ELFDynamicEntries)
    told = [match for line in _said(case, "-d").splitlines() if (match := _DYNAMIC.match(line))]
    while told and told[-1][2] == "NULL":
        told.pop()
    yield Row("readelf", "dynamic.count", len(rows), len(told))
    for number, (row, match) in enumerate(zip(rows, told, strict=False)):
        label = f"dynamic[{number}]"
        unknown = match[2].startswith("<") or ":" in match[2]
        yield Row("readelf", f"{label}.tag", row.tag, row.tag if unknown else match[2])
        text = re.search(r"\[(.*)\]$", match[3])
        if row.text is not None and text:
            yield Row("readelf", f"{label}.text", row.text, text[1])
        elif re.fullmatch(r"0x[0-9a-f]+", match[3]):
            yield Row("readelf", f"{label}.value", row.value, int(match[3], 16))
        elif size := re.fullmatch(r"(\d+)(?: \(bytes\))?", match[3]):
            yield Row("readelf", f"{label}.value", row.value, int(size[1]))


def _symbols(case: Case) -> Iterator[Row]:
    if not any(body.type == "DYNSYM" for body in case.all(ELFSection)):
        case.skipped["symbols by readelf, which wants their section"] += 1
        return
    ours: list[tuple[Hashable, Mapping[str, object]]] = []
    for part in case.all(ELFSymbols):
        for row in part.rows:
            mark = "" if row.version is None else ("@" if row.hidden or row.library is not None else "@@") + row.version
            ours.append(
                (row.number, {"name": row.name + mark, "value": row.value, "size": row.size, "binding": row.binding})
            )
    theirs: list[tuple[Hashable, Mapping[str, object]]] = []
    for line in _said(case, "--dyn-syms").splitlines():
        if match := _SYMBOL.match(line):
            name = re.sub(r" \(\d+\)$", "", (match[8] or "").strip())
            binding = {"UNIQUE": "GNU_UNIQUE"}.get(match[5], match[5])
            theirs.append(
                (
                    int(match[1]),
                    {"name": name, "value": int(match[2], 16), "size": int(match[3], 0), "binding": binding},
                )
            )
    yield from keyed("readelf", "symbol", sorted(ours, key=_number), theirs[1:])


def _number(row: tuple[Hashable, Mapping[str, object]]) -> int:
    return int(str(row[0]))
