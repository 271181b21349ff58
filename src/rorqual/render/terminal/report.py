"""A report on one page: what an analyst decides on in the first ten lines, then section by section."""

from collections.abc import Iterator
from typing import TextIO

from rorqual.findings.bodies import Verdict
from rorqual.findings.ledger import OTHERS, State
from rorqual.findings.record import Finding
from rorqual.findings.report import Report
from rorqual.render.terminal import elf, macho, padding, pe, sections, structure
from rorqual.render.terminal.page import Page, Part
from rorqual.render.terminal.tally import Tally
from rorqual.render.terminal.values import (
    count_text,
    exact_size,
    range_text,
    share_text,
    size_text,
    time_text,
)

# What keeps the head within ten lines:
MOST_MISSED = 1
MOST_VERDICTS = 3

MOST_EXPLAINED = 20  # verdicts in their own section
MOST_IDS = 4


def render(report: Report, out: TextIO, *, color: bool | None = None, width: int | None = None) -> None:
    """Writes the report.

    Args:
        report: what a scan found; it is read twice and never held.
        out: where to.
        color: whether to use colours and weights; by default on a terminal without NO_COLOR.
        width: columns; by default those of the terminal, or 80.
    """
    page = Page(out, color=color, width=width)
    tally = Tally.of(report.findings())
    _head(page, report)
    sections.digests(page, report)
    sections.entropy(page, report, tally)
    structure.draw(page, report, tally.structure)
    padding.draw(page, report, tally)
    pe.draw(page, report, tally)
    elf.draw(page, report, tally)
    macho.draw(page, report, tally)
    sections.children(page, report)
    sections.others(page, tally)
    _verdicts(page, report)
    sections.faults(page, report)
    sections.coverage(page, report)
    _run(page, report)


def _head(page: Page, report: Report) -> None:
    page.path(report.source.name, "title")
    if report.type is None:
        page.field("type", "unknown")
    else:
        kind = report.type
        encoding = f", {kind.encoding}" if kind.encoding else ""
        page.field("type", (kind.description, "name"), encoding, cut=True)
        page.field("", f"{kind.mime} · {share_text(kind.confidence)} sure", cut=True)
    page.field("size", exact_size(report.source.size))
    if report.complete:
        number = len({line.analyzer for line in report.coverage} - {OTHERS})
        page.field("complete", f"yes: {count_text(number, 'analyzer')} saw all that can be seen")
    else:
        _incomplete(page, report)
    for count, finding in enumerate(report.verdicts[:MOST_VERDICTS]):
        page.field("" if count else "verdict", *_verdict(finding), style="alert", cut=True)
    if len(report.verdicts) > MOST_VERDICTS:
        page.field("", f"and {len(report.verdicts) - MOST_VERDICTS:,} more below")


def _incomplete(page: Page, report: Report) -> None:
    missed = [line for line in report.coverage if line.state is State.MISSED]
    for count, line in enumerate(missed[:MOST_MISSED]):
        page.field("" if count else "INCOMPLETE", *sections.unseen_parts(line), style="alert", cut=True)
    if len(missed) > MOST_MISSED:
        page.field("", f"and {len(missed) - MOST_MISSED:,} more, see Coverage")


def _verdict(finding: Finding) -> Iterator[Part]:
    """What it is, how sure, which techniques of ATT&CK, where, and why."""
    verdict = finding.body
    assert isinstance(verdict, Verdict)
    yield verdict.kind, "alert"
    yield f" {share_text(verdict.confidence)} sure"
    if verdict.attack:
        yield f" {' '.join(verdict.attack)}"
    if finding.place:
        yield f" in {sections.path(finding.place)}"
    yield f": {verdict.summary}"


def _verdicts(page: Page, report: Report) -> None:
    """In full, with the findings they rest on: the head has but a line for each."""
    if not report.verdicts:
        return
    page.heading("Verdicts", f"{len(report.verdicts):,}")
    for finding in report.verdicts[:MOST_EXPLAINED]:
        verdict = finding.body
        assert isinstance(verdict, Verdict)
        page.wrapped(*_verdict(finding))
        ids = ", ".join(verdict.rests_on[:MOST_IDS])
        more = f" and {len(verdict.rests_on) - MOST_IDS:,} more" if len(verdict.rests_on) > MOST_IDS else ""
        page.wrapped((f"at {range_text(finding.offset, finding.size)}, rests on {ids}{more}", "label"), indent=4)
    if len(report.verdicts) > MOST_EXPLAINED:
        page.line((f"and {len(report.verdicts) - MOST_EXPLAINED:,} more in the JSON report", "label"))


def _run(page: Page, report: Report) -> None:
    run = report.run
    memory = "unknown" if run.peak_memory is None else size_text(run.peak_memory)
    page.blank()
    page.wrapped(
        (
            f"{time_text(run.seconds)} · {size_text(run.bytes_per_second)}/s · peak {memory} · "
            f"{count_text(run.workers, 'worker')} · {run.matcher}, {run.kernels} kernels",
            "label",
        )
    )
    for missing in run.missing:
        page.wrapped(("missing ", "notable"), missing)
