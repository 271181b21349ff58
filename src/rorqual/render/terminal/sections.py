"""What is said of any file: digests, entropy, padding, children, other findings, faults, coverage."""

from collections.abc import Iterator
from itertools import islice

from rorqual.findings.ledger import OTHERS, Coverage, State
from rorqual.findings.record import Finding, Json, Place, place_text
from rorqual.findings.report import Child, Report
from rorqual.render.terminal import strip
from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.page import Page, Part, Row
from rorqual.render.terminal.tally import Tally
from rorqual.render.terminal.values import count_text, range_text, share_text, size_text

MOST_CHILDREN = 10
MOST_FAULTS = 6
MOST_UNSEEN = 8
MOST_RANGES = 3
MOST_FIELDS = 5
LONGEST = 40  # characters of one field of a finding that has no section of its own
LONGEST_REASON = 200
DEEPEST = 3  # levels of a place that is written in full
SHOWN = frozenset({"digest", "entropy_map", "padding_run", "filler", "core"})  # of the file, in their own sections
# By the head, by the section on structure and by the table of children, wherever they are:
TOLD = frozenset({"file_type", "type_candidate", "child", "claim", "gap", "gap_content", "room"})
EXECUTABLES = {"pe_": "pe_image", "elf_": "elf_image", "macho_": "macho_image"}  # tags, and the one with a section
OF_IMAGES = frozenset({"anomaly"})  # told in the section on an image
COUNTED = frozenset({*EXECUTABLES.values(), "anomaly"})  # by name where they are inside


def digests(page: Page, report: Report) -> None:
    if report.digests:
        page.heading("Digests")
        for digest in report.digests:
            page.field(digest.algorithm, digest.value)


def entropy(page: Page, report: Report, tally: Tally) -> None:
    whole = tally.entropy
    if whole is None or not report.source.size:
        return
    bits, printable, zero = (whole.number(name) or 0 for name in ("entropy", "printable", "zero"))
    facts = f"{bits:.2f} bits per byte · {share_text(printable)} printable · {share_text(zero)} zero"
    page.heading("Entropy", facts)
    strip.draw(page, whole, report.source.size)


def children(page: Page, report: Report) -> None:
    number = len(report.children)
    if not number:
        return
    page.heading("Inside", count_text(number, "stream"))
    page.table(("name or place", "size", "type"), map(_child, report.children[:MOST_CHILDREN]), right=(1,), widest=36)
    if number > MOST_CHILDREN:
        page.line((f"and {number - MOST_CHILDREN:,} more", "label"))


def _child(child: Child) -> Row:
    kind = child.type.description if child.type else "unknown"
    same = f" · same as {path(child.same_as)}" if child.same_as is not None else ""
    return (child.name or path(child.place), "name"), size_text(child.size), kind + same


def others(page: Page, tally: Tally) -> None:
    """What has no section of its own: of each kind the first few, and the count."""
    own = tuple(prefix for prefix, image in EXECUTABLES.items() if tally.count(image))
    own += ("macho_",) if tally.count("macho_universal") else ()
    kinds = {kind: seen for kind, seen in tally.kinds.items() if kind not in TOLD | SHOWN}
    told = {
        kind: seen
        for kind, seen in kinds.items()
        if kind.startswith(own)
        or (own and kind in OF_IMAGES)
        or (kind.startswith(tuple(EXECUTABLES)) and not seen.here)
    }
    inside = {kind: seen.below for kind, seen in told.items() if seen.below}
    if len(kinds) == len(told) and not inside:
        return
    page.heading("Findings")
    for kind, seen in kinds.items():
        if kind in told:
            continue
        below = f", {seen.below:,} of them inside" if seen.below and seen.here else " inside" if seen.below else ""
        page.line((kind, "name"), f"  {seen.count:,}{below}")
        for finding in seen.first:
            page.line(*_brief(finding), indent=4)
    if inside:
        named = [f"{kind} {number:,}" for kind, number in inside.items() if kind in COUNTED]
        others = sum(number for kind, number in inside.items() if kind not in COUNTED)
        named += [f"{count_text(others, 'finding')} on their parts"] if others else []
        page.line(("executables", "name"), f" inside: {', '.join(named)}")


def _brief(finding: Finding) -> Iterator[Part]:
    if finding.place:
        yield path(finding.place), "label"
        yield " "
    yield range_text(finding.offset, finding.size)
    told = ((name, _short(value)) for name, value in Fields.of(finding.body))
    for name, value in islice(((name, value) for name, value in told if value), MOST_FIELDS):
        yield f"  {name} ", "label"
        yield value


def _short(value: Json) -> str:
    """A field in a few characters; empty where there is nothing to say, or too much."""
    match value:
        case bool():
            return "yes" if value else ""
        case int() | float():
            return f"{value:,}" if isinstance(value, int) else f"{value:g}"
        case str():
            return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
        case list() if value and all(isinstance(item, str) for item in value):
            return _short(", ".join(map(str, islice(value, MOST_FIELDS))))
    return ""


def faults(page: Page, report: Report) -> None:
    number = len(report.faults)
    if not number:
        return
    page.heading("Faults", f"{number:,}")
    for fault in report.faults[:MOST_FAULTS]:
        where = f"{path(fault.place)} " if fault.place else ""
        words = f" {where}at {fault.offset:#x}, {fault.reason.value}: {fault.message[:400]}"
        page.wrapped((fault.analyzer, "notable"), words)
    if number > MOST_FAULTS:
        page.line((f"and {number - MOST_FAULTS:,} more", "label"))


def coverage(page: Page, report: Report) -> None:
    """Who saw everything, in one line; who did not, each with where and why."""
    unseen = [line for line in report.coverage if line.state is not State.SEEN]
    partial = {line.analyzer for line in unseen}
    whole = {line.analyzer for line in report.coverage} - partial - {OTHERS}
    sources = len({line.place for line in report.coverage})
    within = f" of {count_text(sources, 'source')}" if sources > 1 else ""
    page.heading("Coverage", f"{count_text(len(whole), 'analyzer')} saw every byte{within}" if whole else "")
    for line in sorted(unseen, key=lambda line: line.state is not State.MISSED)[:MOST_UNSEEN]:
        page.wrapped(*unseen_parts(line))
    if len(unseen) > MOST_UNSEEN:
        page.line((f"and {len(unseen) - MOST_UNSEEN:,} more lines in the JSON report", "label"))


def unseen_parts(line: Coverage) -> Iterator[Part]:
    """Who missed how much, why and where: "pe missed 1.20 MiB (limit) at 0x400"."""
    yield line.analyzer, "notable" if line.state is State.MISSED else ""
    share = f"{share_text(line.share)} of " if line.share is not None else ""
    yield f" {line.state.value} {share}{size_text(sum(size for _, size in line.ranges))}"
    yield f" ({line.reason[:LONGEST_REASON]})" if line.reason else ""
    ranges = line.ranges[:MOST_RANGES]
    alone = len(ranges) == 1
    yield " at " + ", ".join(f"{offset:#x}" if alone else range_text(offset, size) for offset, size in ranges)
    if (more := len(line.ranges) - MOST_RANGES) > 0:
        yield f" and {count_text(more, 'more range')}"
    yield f" of {path(line.place)}" if line.place else ""


def path(place: Place) -> str:
    """The place as a path, with only the ends of a long one."""
    if len(place) <= DEEPEST:
        return place_text(place)
    return f"{place_text(place[:1])}/…{place_text(place[-1:])}"
