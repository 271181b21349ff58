"""The section on a Mach-O file, or on the slices of a universal one."""

import re
from collections.abc import Iterator

from rorqual.findings.record import Finding
from rorqual.findings.report import Report
from rorqual.render.terminal import image
from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.gather import Form, Gathered
from rorqual.render.terminal.page import Page, Part, Row
from rorqual.render.terminal.tally import Tally
from rorqual.render.terminal.values import clipped, count_text, list_text, size_text

NAME = 60  # characters of a name
PATH = 160  # of a path
BUILDS = 2  # a zippered library has two
LIBRARIES = 5
RUN_PATHS = 3
EXPORTS = 5
EXPORT = 40  # characters of an exported name, as C++ mangles them
ENTITLEMENTS = 6
SLICES = 8
KEY = re.compile(r"<key>([^<]*)</key>")
COMMON_NAME = re.compile(r"(?:^|, )CN=((?:[^,\\]|\\.)+)")


def _belongs(found: Finding, _: Fields, finding: Finding) -> bool | None:
    return finding.offset == found.offset + found.size if finding.kind == "macho_overlay" else None


FORM = Form(
    title="Mach-O file",
    row="segment",
    name="macho",
    image="macho_image",
    section="macho_segment",
    described="macho_section",
    overlay="macho_overlay",
    kept={
        "macho_code_directory": 1,
        "macho_encryption": 1,
        "macho_entitlements": 1,
        "macho_go": 1,
        "macho_libraries": 1,
        "macho_linkage": 1,
        "macho_mitigations": 1,
        "macho_paths": 1,
        "macho_rust": 1,
        "macho_signature": 1,
        "macho_signer": 1,
        "macho_symbol_table": 1,
        "macho_symbols": 4,
    },
    largest="",
    told=frozenset(),
    belongs=_belongs,
)


def draw(page: Page, report: Report, tally: Tally) -> None:
    """The first file in full; of a universal one its slices, and the first of them in full."""
    universal = tally.first("macho_universal")
    if universal is not None:
        _universal(page, Fields.of(universal.body))
    first = tally.first_below(FORM.image) if universal is not None else None
    parts = image.gathered(FORM, page, report, tally, slice_of=first)
    if parts is not None:
        image.draw(page, parts, FACTS, lambda segment: segment.text("protection"))


def _universal(page: Page, universal: Fields) -> None:
    slices = universal.records("slices")
    number = universal.whole("number_of_slices") or len(slices)
    page.heading("Universal file", f"Mach-O, {count_text(number, 'slice')}")
    page.table(("processor", "offset", "size", "content"), map(_slice, slices[:SLICES]), right=(2,))
    if number > len(slices[:SLICES]):
        page.line((f"and {number - len(slices[:SLICES]):,} more", "label"))


def _slice(one: Fields) -> Row:
    subtype = one.text("cpu_subtype")
    return (
        (f"{one.text('cpu')} {subtype}".strip(), "name"),
        f"{one.whole('offset') or 0:#x}",
        size_text(one.whole("size") or 0),
        clipped(one.text("content") or "unknown", NAME),
    )


def _kind(parts: Gathered) -> Iterator[Part]:
    headers = parts.image
    cpu = f"{headers.text('cpu')} {headers.text('cpu_subtype')}".strip()
    facts = [f"{headers.text('format')} {headers.text('type')}", cpu]
    facts += [f"{order} endian" if (order := headers.text("byte_order")) else ""]
    yield clipped(" · ".join(fact for fact in facts if fact), PATH)


def _system(parts: Gathered) -> Iterator[Part]:
    builds = parts.image.records("builds")
    told = []
    for build in builds[:BUILDS]:
        sdk = f" (SDK {build.text('sdk')})" if build.text("sdk") else ""
        told.append(clipped(f"{build.text('platform')} {build.text('minimum_os')} or later{sdk}", NAME))
    if told:
        yield list_text(told, count=len(builds))


def _entry(parts: Gathered) -> Iterator[Part]:
    entry = parts.image.whole("entry_point")
    if entry is None:
        return
    section = parts.image.text("entry_point_section") or parts.image.text("entry_point_segment")
    yield f"{entry:#x}" + (f" in {clipped(section, NAME)}" if section else "")


def _made_by(parts: Gathered) -> Iterator[Part]:
    facts = []
    if parts.count("macho_go"):
        go = parts.first("macho_go")
        facts.append(f"{clipped(go.text('version'), NAME)} {clipped(go.text('path'), NAME)}".strip())
    if parts.count("macho_rust"):
        facts.append(f"Rust {clipped(parts.first('macho_rust').text('commit')[:12], NAME)}".strip())
    tools = (tool for build in parts.image.records("builds")[:BUILDS] for tool in build.records("tools")[:BUILDS])
    facts += [clipped(f"{tool.text('name')} {tool.text('version')}", NAME) for tool in tools]
    if facts:
        yield ", ".join(dict.fromkeys(facts))


def _signed(parts: Gathered) -> Iterator[Part]:
    if not parts.count("macho_signature"):
        if parts.first("macho_mitigations").false("signed"):
            yield "no"
        return
    code, signer = parts.first("macho_code_directory"), parts.first("macho_signer")
    subject = signer.text("subject")
    names = COMMON_NAME.findall(subject)
    yield clipped(names[-1] if names else subject or parts.first("macho_signature").text("kind"), NAME)
    yield f" as {clipped(code.text('identifier'), NAME)}" if code.text("identifier") else ""
    yield f", team {clipped(code.text('team'), NAME)}" if code.text("team") else ""
    yield f" · {time}" if (time := signer.text("signing_time")) else ""
    for name, words in (("digest_matches", "its digest is wrong"), ("signature_holds", "it does not hold")):
        if signer.false(name):
            yield f" · {words}", "notable"


def _code_hash(parts: Gathered) -> Iterator[Part]:
    yield from filter(None, [clipped(parts.first("macho_code_directory").text("cdhash"), NAME)])


def _entitlements(parts: Gathered) -> Iterator[Part]:
    keys = KEY.findall(parts.first("macho_entitlements").text("xml"))
    if keys:
        yield list_text(keys[:ENTITLEMENTS], count=len(keys)), "notable"


def _encrypted(parts: Gathered) -> Iterator[Part]:
    if parts.first("macho_encryption").true("encrypted"):
        yield "a part of the code, which is opaque", "notable"


def _protects(parts: Gathered) -> Iterator[Part]:
    told = parts.first("macho_mitigations")
    on = [name for field, name in PROTECTION if told.true(field)]
    on += ["fortified"] if told.items("fortified") else []
    off = [f"no {name}" for field, name in PROTECTION[:2] if told.false(field)]
    off += [name for field, name in (("stack_executable", "executable stack"),) if told.true(field)]
    segments = told.texts("writable_executable")
    off += [f"writable and executable: {list_text(segments[:2], count=len(segments))}"] if segments else []
    yield from [", ".join(on)] if on else ()
    yield from [" · "] if on and off else ()
    yield from [(", ".join(off), "notable")] if off else ()


PROTECTION = (  # field, what it is called; the first two matter where they are off
    ("pie", "PIE"),
    ("stack_canary", "stack canary"),
    ("reference_counting", "ARC"),
    ("pointer_authentication", "pointer authentication"),
    ("hardened_runtime", "hardened runtime"),
    ("library_validation", "library validation"),
    ("restricted", "restricted"),
)


def _libraries(parts: Gathered) -> Iterator[Part]:
    linkage = parts.first("macho_linkage")
    rows = parts.first("macho_libraries").records("rows")[:LIBRARIES]
    if number := linkage.whole("libraries"):
        yield f"{number:,}: {list_text([row.text('name') for row in rows], count=number)}"


def _name(parts: Gathered) -> Iterator[Part]:
    yield from filter(None, [clipped(parts.first("macho_linkage").record("id").text("name"), PATH)])


def _run_paths(parts: Gathered) -> Iterator[Part]:
    paths = [row.text("text") for row in parts.first("macho_paths").records("rows") if row.text("what") == "rpath"]
    if paths:
        yield list_text(paths[:RUN_PATHS], count=parts.first("macho_linkage").whole("rpaths") or len(paths))


def _symbols(parts: Gathered) -> Iterator[Part]:
    table = parts.first("macho_symbol_table")
    if not parts.count("macho_symbol_table"):
        return
    imports, exports = table.whole("imports") or 0, table.whole("exports") or 0
    yield count_text(imports, "import") + (f", {count_text(exports, 'export')}" if exports else "")
    tables = (one for one in parts.all("macho_symbols") if one.text("role") == "export")
    names = [row.text("name") for one in tables for row in one.records("rows")[:EXPORTS]][:EXPORTS]
    yield f": {list_text(names, count=max(exports, len(names)), longest=EXPORT)}" if names else ""
    yield " · stripped" if table.true("stripped") else ""


def _uuid(parts: Gathered) -> Iterator[Part]:
    yield from filter(None, [clipped(parts.image.text("uuid"), NAME)])


FACTS: tuple[image.Fact, ...] = (
    ("file", _kind),
    ("system", _system),
    ("entry", _entry),
    ("by", _made_by),
    ("signed", _signed),
    ("cdhash", _code_hash),
    ("entitled to", _entitlements),
    ("encrypted", _encrypted),
    ("protects", _protects),
    ("libraries", _libraries),
    ("name", _name),
    ("run path", _run_paths),
    ("symbols", _symbols),
    ("uuid", _uuid),
)
