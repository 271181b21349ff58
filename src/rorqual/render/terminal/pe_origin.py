"""What a PE image says of where it comes from: tools, signature, version, debug data, manifest, .NET, icons."""

import re
from collections.abc import Iterator

from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.gather import Gathered
from rorqual.render.terminal.image import Fact
from rorqual.render.terminal.page import Part
from rorqual.render.terminal.values import clipped, count_text

NAME = 60  # characters of a name
PATH = 160  # of a path
RANKS = ("packer", "protector", "installer", "sfx", "runtime", "compiler")  # most telling first
NOTABLE = frozenset(RANKS[:2])
TOOLS = 6
PROBLEMS = 3
COMMON_NAME = re.compile(r"(?:^|, )CN=((?:[^,\\]|\\.)+)")
USUAL_LEVEL = "asInvoker"


def _made_by(parts: Gathered) -> Iterator[Part]:
    tools = {(one.text("name"), one.text("version"), one.text("kind")): None for one in parts.all("pe_signature")}
    longer = {
        name for name, _, kind in tools for other, _, same in tools if kind == same and other.startswith(f"{name} ")
    }
    ranked = sorted(
        (tool for tool in tools if tool[0] not in longer),
        key=lambda tool: RANKS.index(tool[2]) if tool[2] in RANKS else len(RANKS),
    )
    for count, (name, version, kind) in enumerate(ranked[:TOOLS]):
        yield ", " if count else ""
        yield clipped(f"{name} {version}".strip(), NAME), "notable" if kind in NOTABLE else ""
        yield f" ({clipped(kind, NAME)})" if kind else ""
    if (more := len(ranked) - TOOLS) > 0:
        yield f" and {more:,} more"


def _signed(parts: Gathered) -> Iterator[Part]:
    if not parts.count("pe_authenticode"):
        if parts.count("pe_certificate_table"):
            yield "no signature could be read from its certificate table", "notable"
        elif parts.first("pe_mitigations").false("signed"):
            yield "no"
        return
    signature = parts.first("pe_authenticode")
    signer, status = signature.record("signer"), signature.text("status")
    yield f"{_common_name(signer.text('subject') or signer.text('issuer'))} · "
    if status == "valid":
        yield "valid; whom to trust is not judged"
    else:
        yield status.replace("_", "-"), "notable"
        if problems := signature.texts("problems"):
            yield f": {', '.join(clipped(one, NAME) for one in problems[:PROBLEMS])}"
    for stamp in signature.records("timestamps")[:1]:
        if time := stamp.text("time"):
            yield f" · stamped {time}" + ("" if stamp.text("status") == "valid" else f" ({stamp.text('status')})")
    if (more := parts.count("pe_authenticode") - 1) > 0:
        yield f" · {count_text(more, 'more signature')}"


def _common_name(subject: str) -> str:
    names = COMMON_NAME.findall(subject)
    return clipped(names[-1] if names else subject, NAME)


def _version(parts: Gathered) -> Iterator[Part]:
    """Product, version, company, and the name the file had when it was built."""
    strings = {row.text("key"): row.text("value").strip() for row in parts.first("pe_version_strings").records("rows")}
    fixed = parts.first("pe_version").record("fixed")
    product = strings.get("ProductName") or strings.get("FileDescription") or ""
    version = strings.get("FileVersion") or fixed.text("file_version")
    facts = [clipped(f"{product} {clipped(version, NAME)}".strip(), 2 * NAME)]
    facts.append(clipped(strings.get("CompanyName", ""), NAME))
    if original := strings.get("OriginalFilename"):
        facts.append(f"built as {clipped(original, NAME)}")
    if any(facts):
        yield " · ".join(fact for fact in facts if fact)


def _debug(parts: Gathered) -> Iterator[Part]:
    """The first PDB."""
    for entry in parts.all("pe_debug"):
        view = entry.record("code_view")
        if path := view.text("pdb"):
            yield clipped(path, PATH), "notable" if view.false("printable") else ""
            return


def _checksum(parts: Gathered) -> Iterator[Part]:
    checksum = parts.first("pe_checksum")
    if checksum.whole("stored") and checksum.false("matches"):
        yield f"{checksum.whole('stored') or 0:#x} stored, but {checksum.whole('computed') or 0:#x} computed", "notable"


def _manifest(parts: Gathered) -> Iterator[Part]:
    """What it asks for beyond the rights of who starts it."""
    manifest = parts.first("pe_manifest")
    facts = [level] if (level := manifest.text("execution_level")) and level != USUAL_LEVEL else []
    facts += [
        told
        for name, told in (("ui_access", "drives other windows (uiAccess)"), ("auto_elevate", "autoElevate"))
        if manifest.text(name).strip().lower() == "true"
    ]
    if facts:
        yield ", ".join(clipped(fact, NAME) for fact in facts), "notable"


def _dot_net(parts: Gathered) -> Iterator[Part]:
    managed = parts.first("pe_dotnet")
    if not parts.count("pe_dotnet"):
        return
    name = managed.text("assembly") or managed.text("module")
    yield clipped(f"{name} {managed.text('assembly_version')}".strip(), NAME)
    framework = managed.text("target_framework") or managed.text("version")
    yield f" · {clipped(framework, NAME)}" if framework else ""
    yield f" · entry {clipped(entry, NAME)}" if (entry := managed.text("entry_point")) else ""
    counts = (("reference", "references"), ("resource", "resources"), ("native import", "imports"))
    told = [count_text(number, one) for one, name in counts if (number := managed.whole(name))]
    yield f" · {', '.join(told)}" if told else ""


def _icon(parts: Gathered) -> Iterator[Part]:
    """The digest of the first group's largest, by which look-alikes are found."""
    group = parts.first("pe_icon_group")
    index, icons = group.whole("largest"), group.records("icons")
    if index is None or not 0 <= index < len(icons):
        return
    icon: Fields = icons[index]
    yield f"{icon.whole('width')}×{icon.whole('height')}"
    if md5 := group.text("md5"):
        yield f" · md5 {md5}"
    if (more := parts.count("pe_icon_group") - 1) > 0:
        yield f" · {count_text(more, 'more group')}"


FACTS: tuple[Fact, ...] = (
    ("by", _made_by),
    ("signed", _signed),
    ("version", _version),
    ("debug", _debug),
    (".NET", _dot_net),
    ("manifest", _manifest),
    ("checksum", _checksum),
    ("icon", _icon),
)
