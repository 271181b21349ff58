"""The section on an ELF file: headers, libraries, origin, symbols, mitigations, sections, what is odd about it."""

from collections.abc import Iterator

from rorqual.findings.record import Finding
from rorqual.findings.report import Report
from rorqual.render.terminal import image
from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.gather import Form, Gathered
from rorqual.render.terminal.page import Page, Part
from rorqual.render.terminal.tally import Tally
from rorqual.render.terminal.values import clipped, count_text, list_text, size_text

NAME = 60  # characters of a name
PATH = 160  # of paths
LIBRARIES = 8
COMPILERS = 2
EXPORTS = 5
EXPORT = 40  # characters of an exported name, as C++ mangles them
UNCHECKED = 5  # functions called without a check


def _belongs(found: Finding, headers: Fields, finding: Finding) -> bool | None:
    if finding.kind == "elf_section":
        section = Fields.part(finding.body, "index", "row_offset")
        table, size = headers.whole("section_headers_offset"), headers.whole("section_header_size")
        if table is None or size is None:
            return False
        return section.whole("row_offset") == table + (section.whole("index") or 0) * size
    if finding.kind == "elf_overlay":
        return finding.offset == found.offset + found.size
    return None


FORM = Form(
    title="ELF file",
    row="section",
    name="elf",
    image="elf_image",
    section="elf_section",
    described="elf_section",
    overlay="elf_overlay",
    kept={
        "elf_compilers": 1,
        "elf_core": 1,
        "elf_dynamic": 1,
        "elf_dynamic_symbols": 1,
        "elf_go": 1,
        "elf_identity": 1,
        "elf_linker_symbols": 1,
        "elf_mitigations": 1,
        "elf_packed": 1,
        "elf_rust": 1,
        "elf_symbols": 4,
        "elf_telfhash": 1,
    },
    largest="",
    told=frozenset(),
    belongs=_belongs,
)


def draw(page: Page, report: Report, tally: Tally) -> None:
    """The first file in full; of others, in the same bytes, their number."""
    parts = image.gathered(FORM, page, report, tally)
    if parts is not None:
        image.draw(page, parts, FACTS, _access)


def _kind(parts: Gathered) -> Iterator[Part]:
    headers = parts.image
    abi = headers.text("os_abi")
    facts = [f"{headers.text('format')} {headers.text('kind')}", headers.text("machine")]
    facts += [f"{order} endian" if (order := headers.text("byte_order")) else "", f"{abi} ABI" if abi else ""]
    yield " · ".join(fact for fact in facts if fact)
    if (appimage := headers.whole("appimage")) is not None:
        yield f" · AppImage of type {appimage}", "notable"


def _loader(parts: Gathered) -> Iterator[Part]:
    yield from filter(None, [clipped(parts.image.text("interpreter"), PATH)])


def _entry(parts: Gathered) -> Iterator[Part]:
    if entry := parts.image.whole("entry_point"):
        section = parts.image.text("entry_point_section")
        yield f"{entry:#x}" + (f" in {clipped(section, NAME)}" if section else "")


def _packed(parts: Gathered) -> Iterator[Part]:
    packed = parts.first("elf_packed")
    if not parts.count("elf_packed"):
        return
    yield clipped(f"{packed.text('packer')} {packed.text('release')}".strip(), NAME), "notable"
    yield f" · {clipped(packed.text('method'), NAME)}" if packed.text("method") else ""
    yield f" · {size_text(size)} unpacked" if (size := packed.whole("file_size")) is not None else ""


def _made_by(parts: Gathered) -> Iterator[Part]:
    facts = []
    go, rust, compilers = parts.first("elf_go"), parts.first("elf_rust"), parts.first("elf_compilers")
    if parts.count("elf_go"):
        facts.append(f"{clipped(go.text('version'), NAME)} {clipped(go.text('path'), NAME)}".strip())
    if parts.count("elf_rust"):
        facts.append(f"Rust {clipped(rust.text('compiler') or rust.text('metadata'), NAME)}".strip())
    comments = compilers.texts("comments")[:COMPILERS]
    if comments:
        facts.append(list_text(comments, count=compilers.whole("count") or len(comments)))
    if facts:
        yield ", ".join(facts)


def _needed(parts: Gathered) -> Iterator[Part]:
    dynamic = parts.first("elf_dynamic")
    if needed := dynamic.texts("needed")[:LIBRARIES]:
        yield list_text(needed, count=dynamic.whole("number_of_needed") or len(needed))


def _shared_name(parts: Gathered) -> Iterator[Part]:
    yield from filter(None, [clipped(parts.first("elf_dynamic").text("soname"), PATH)])


def _run_path(parts: Gathered) -> Iterator[Part]:
    dynamic = parts.first("elf_dynamic")
    paths = {dynamic.text(name) for name in ("rpath", "runpath")} - {""}
    for count, path in enumerate(sorted(paths)):
        yield (" · " if count else "") + clipped(path, PATH)
    if paths and (kinds := parts.first("elf_mitigations").texts("run_path")):
        yield f" ({', '.join(clipped(kind, NAME) for kind in kinds)})"


def _symbols(parts: Gathered) -> Iterator[Part]:
    dynamic, linker = parts.first("elf_dynamic_symbols"), parts.first("elf_linker_symbols")
    facts = []
    if parts.count("elf_dynamic_symbols"):
        imports, exports = dynamic.whole("imports") or 0, dynamic.whole("exports") or 0
        facts.append(f"{count_text(imports, 'import')}" + (f", {count_text(exports, 'export')}" if exports else ""))
        tables = (table for table in parts.all("elf_symbols") if table.text("role") == "export")
        names = [row.text("name") for table in tables for row in table.records("rows")[:EXPORTS]][:EXPORTS]
        if names:
            facts[0] += f": {list_text(names, count=exports, longest=EXPORT)}"
    if parts.count("elf_linker_symbols"):
        facts.append(f"{linker.whole('count') or 0:,} for the linker")
    elif parts.first("elf_mitigations").false("linker_symbols"):
        facts.append("stripped")
    if facts:
        yield " · ".join(facts)


def _protects(parts: Gathered) -> Iterator[Part]:
    told = parts.first("elf_mitigations")
    if not parts.count("elf_mitigations"):
        return
    pie, relro, stack = (told.text(name) for name in ("pie", "relro", "stack"))
    on = ["PIE"] if pie == "yes" else []
    off = ["no PIE"] if pie == "no" else []
    if pie != "relocatable":
        on += [f"{relro} RELRO"] if relro in ("partial", "full") else []
        off += ["no RELRO"] if relro == "none" else []
        on += ["NX"] if stack == "not-executable" else []
        off += ["executable stack"] if stack == "executable" else []
    on += ["stack canary"] if told.true("stack_canary") else []
    off += ["no stack canary"] if told.false("stack_canary") else []
    on += ["fortified"] if told.items("fortified") else []
    on += told.texts("control_flow")[:UNCHECKED]
    on += ["safe stack"] if told.true("safe_stack") else []
    off += ["text relocations"] if told.true("text_relocations") else []
    on, off = ([clipped(one, NAME) for one in those] for those in (on, off))
    yield ", ".join(on)
    yield " · " if on and off else ""
    yield (", ".join(off), "notable") if off else ""


def _identity(parts: Gathered) -> Iterator[Part]:
    identity = parts.first("elf_identity")
    facts = [identity.text("build_id"), identity.text("abi")]
    if (android := identity.whole("android_api")) is not None:
        facts.append(f"Android API {android}")
    if facts := [clipped(fact, NAME) for fact in facts if fact]:
        yield " · ".join(facts)


def _package(parts: Gathered) -> Iterator[Part]:
    fields = parts.first("elf_identity").records("package")
    named = {field.text("name"): field.text("value") for field in fields}
    if words := [clipped(named[name], NAME) for name in ("os", "name", "version") if named.get(name)]:
        yield " ".join(words)


def _core(parts: Gathered) -> Iterator[Part]:
    core = parts.first("elf_core")
    if parts.count("elf_core"):
        yield f"{clipped(core.text('arguments') or core.text('program'), PATH)} · signal {core.whole('signal')}"
        yield f" · process {core.whole('pid')}, {count_text(core.whole('threads') or 0, 'thread')}"


def _similar(parts: Gathered) -> Iterator[Part]:
    """Like an import hash: by what its symbols are."""
    yield from filter(None, [clipped(parts.first("elf_telfhash").text("value"), 2 * NAME)])


def _access(section: Fields) -> str:
    flags = section.texts("flags")
    marks = zip("rwx", ("ALLOC", "WRITE", "EXECINSTR"), strict=True)
    return "".join(letter if name in flags else "-" for letter, name in marks)


FACTS: tuple[image.Fact, ...] = (
    ("file", _kind),
    ("loader", _loader),
    ("entry", _entry),
    ("core of", _core),
    ("packed", _packed),
    ("by", _made_by),
    ("package", _package),
    ("build id", _identity),
    ("protects", _protects),
    ("needs", _needed),
    ("soname", _shared_name),
    ("run path", _run_path),
    ("symbols", _symbols),
    ("telfhash", _similar),
)
