"""The section on padding: which filler lies where, runs of one byte or period, and what is left without them."""

from rorqual.findings.record import Finding
from rorqual.findings.report import Report
from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.page import Page, Row
from rorqual.render.terminal.tally import Tally
from rorqual.render.terminal.values import clipped, count_text, exact_size, share_text, size_text

UNIT_DIGITS = 16  # hex digits of a repeated unit
LEAST = 0.01  # of the file, in runs: where they lie is of no interest when there is less
NAME = 40  # characters of a format's name
BESIDE = 4  # stretches kept beside the core
DIGESTS = ("md5", "sha1", "sha256")


def draw(page: Page, report: Report, tally: Tally) -> None:
    """Filler where it was told apart, else runs; and the core, by which a padded sample is looked up."""
    filler, runs = tally.filler, tally.runs
    if filler.number:
        page.heading("Padding", _summary(filler.number, "stretch", "stretches", filler.size, report))
        head = ("offset", "size", "filler", "where", "period", "unit (hex)")
        page.table(head, map(_stretch, filler.largest), right=(1, 4))
        if (more := filler.number - len(filler.largest)) > 0:
            page.line((f"and {more:,} smaller", "label"))
    elif runs.number:
        page.heading("Padding", _summary(runs.number, "run", "runs", runs.size, report))
        if runs.size >= LEAST * report.source.size:
            page.table(("offset", "size", "period", "unit (hex)"), map(_run, runs.largest), right=(1, 2))
            if (more := runs.number - len(runs.largest)) > 0:
                page.line((f"and {more:,} smaller", "label"))
    core = tally.first("core")
    if core is not None:
        if not filler.number and not runs.number:
            page.heading("Padding")
        _core(page, Fields.of(core.body))


def _summary(number: int, one: str, many: str, size: int, report: Report) -> str:
    share = share_text(min(1.0, size / max(1, report.source.size)))
    return f"{count_text(number, one, many)} · {size_text(size)} · {share} of the file"


def _stretch(finding: Finding) -> Row:
    body = Fields.of(finding.body)
    section = body.whole("section")
    where = body.text("where") + (f" {section}" if section is not None else "")
    period = body.whole("period")
    borders = "" if body.true("exact") else "about "
    return (
        f"{finding.offset:#x}",
        borders + size_text(finding.size),
        body.text("filler"),
        where,
        "" if period is None else f"{period:,}",
        _unit(body),
    )


def _run(finding: Finding) -> Row:
    body = Fields.of(finding.body)
    return f"{finding.offset:#x}", size_text(finding.size), str(body.whole("period") or 0), _unit(body)


def _unit(body: Fields) -> str:
    return clipped(body.text("unit"), UNIT_DIGITS + 1)


def _core(page: Page, core: Fields) -> None:
    patched = ", headers corrected for it" if core.items("patches") else ""
    page.field("core", (exact_size(core.whole("size") or 0), "name"), f" without the filler{patched}")
    for name in DIGESTS:
        if value := core.text(name):
            page.field(f"core {name}", value)
    beside = core.records("beside")
    if beside:
        told = [f"{clipped(one.text('format') or 'data', NAME)}, {size_text(one.whole('size') or 0)}" for one in beside]
        more = f" and {len(beside) - BESIDE:,} more" if len(beside) > BESIDE else ""
        page.field("beside it", "; ".join(told[:BESIDE]) + more)
    if left := core.whole("left"):
        page.field("", f"{size_text(left)} of filler stay in it", style="label")
