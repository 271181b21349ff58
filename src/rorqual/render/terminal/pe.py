"""The section on a PE image: headers, origin, tables, sections, what follows them, what is odd about it."""

from collections.abc import Iterator

from rorqual.findings.record import Finding
from rorqual.findings.report import Report
from rorqual.render.terminal import image, pe_origin, pe_tables
from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.gather import NAME, Form, Gathered
from rorqual.render.terminal.page import Page, Part
from rorqual.render.terminal.tally import Tally
from rorqual.render.terminal.values import clipped, size_text

ROW = 40  # bytes of a row of the section table (IMAGE_SIZEOF_SECTION_HEADER)
BEFORE_OPTIONAL = 24  # bytes of signature and file header (IMAGE_NT_HEADERS)
IN_CERTIFICATES = frozenset({"pe_authenticode", "pe_certificate_table"})
DEBUG_ENTRIES = 16  # one to four are usual
ELSEWHERE = frozenset({"EXPORT", "IMPORT", "RESOURCE", "SECURITY", "DEBUG", "CLR_RUNTIME_HEADER", "COM_DESCRIPTOR"})


def _belongs(found: Finding, headers: Fields, finding: Finding) -> bool | None:
    """By the tables that the headers lead to, which tells a signature of this image from that of one inside it."""
    if finding.kind == "pe_section":
        section = Fields.part(finding.body, "index", "row_offset")
        header, optional = headers.whole("pe_header_offset"), headers.whole("optional_header_size")
        if header is None or optional is None:
            return False
        return section.whole("row_offset") == header + BEFORE_OPTIONAL + optional + (section.whole("index") or 0) * ROW
    if finding.kind == "pe_overlay":
        return finding.offset == found.offset + found.size
    if finding.kind in IN_CERTIFICATES:
        tables = [one for one in headers.records("directories") if one.text("name") == "SECURITY"]
        start = tables[0].whole("offset") if tables else None
        return start is not None and start <= finding.offset < start + (tables[0].whole("size") or 0)
    return None


FORM = Form(
    title="PE image",
    row="section",
    name="pe",
    image="pe_image",
    section="pe_section",
    described="pe_section",
    overlay="pe_overlay",
    kept={
        "pe_authenticode": 2,
        "pe_certificate_table": 1,
        "pe_checksum": 1,
        "pe_debug": DEBUG_ENTRIES,
        "pe_dotnet": 1,
        "pe_entry_point": 1,
        "pe_export_table": 1,
        "pe_exports": 1,
        "pe_icon_group": 1,
        "pe_import_libraries": 1,
        "pe_imports": 1,
        "pe_manifest": 1,
        "pe_mitigations": 1,
        "pe_resources": 1,
        "pe_rich": 1,
        "pe_signature": 16,
        "pe_tls": 1,
        "pe_version": 1,
        "pe_version_strings": 1,
    },
    largest="pe_resource",
    told=frozenset({"checksum_wrong"}),
    belongs=_belongs,
)


def draw(page: Page, report: Report, tally: Tally) -> None:
    """The first image of the file itself in full; of the others their number."""
    parts = image.gathered(FORM, page, report, tally)
    if parts is not None:
        image.draw(page, parts, FACTS, _access)


def _kind(parts: Gathered) -> Iterator[Part]:
    headers = parts.image
    facts = [f"{headers.text('format')} {'DLL' if headers.true('is_dll') else 'program'}"]
    facts += [headers.text("machine"), headers.text("subsystem")]
    if linker := headers.text("linker_version"):
        facts.append(f"linker {linker}")
    yield " · ".join(fact for fact in facts if fact)


def _linked(parts: Gathered) -> Iterator[Part]:
    timestamp = parts.image.whole("timestamp")
    if timestamp is None:
        return
    if any(entry.text("type") == "REPRO" for entry in parts.all("pe_debug")):
        yield f"reproducibly: {timestamp:#x} is a hash, no time"
    elif timestamp:
        yield f"{parts.image.text('timestamp_utc')} ({timestamp:#x})"
    else:
        yield "no time stored"


def _entry(parts: Gathered) -> Iterator[Part]:
    entry = parts.image.whole("entry_point") or 0
    yield f"{entry:#x}" if entry else "none"
    name = parts.first("pe_entry_point").text("section_name")
    home = parts.image.whole("entry_point_section")
    name = name or next((one.text("name") for _, one in parts.sections if one.whole("index") == home), "")
    if entry and name:
        yield f" in {clipped(name, NAME)}"
    yield f" · base {parts.image.whole('image_base') or 0:#x}"
    yield f" · {size_text(parts.image.whole('size_of_image') or 0)} in memory"


def _tables(parts: Gathered) -> Iterator[Part]:
    """Directories that have no line of their own."""
    names = [directory.text("name") for directory in parts.image.records("directories")]
    yield from [", ".join(rest)] if (rest := [name for name in names if name not in ELSEWHERE]) else ()


def _flags(parts: Gathered) -> Iterator[Part]:
    """Where nobody says what they come to."""
    flags = parts.image.texts("dll_characteristics")
    if flags and not parts.count("pe_mitigations"):
        yield ", ".join(flags)


def _access(section: Fields) -> str:
    flags = zip("rwx", ("readable", "writable", "executable"), strict=True)
    return "".join(letter if section.true(name) else "-" for letter, name in flags)


FACTS: tuple[image.Fact, ...] = (
    ("image", _kind),
    ("linked", _linked),
    ("entry", _entry),
    *pe_origin.FACTS,
    *pe_tables.FACTS,
    ("tables", _tables),
    ("flags", _flags),
)
