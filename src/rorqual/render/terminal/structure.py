"""The section on structure: which formats lie where, and what lies between. One that fills the file is no news."""

from dataclasses import dataclass, field

from rorqual.findings.record import Finding
from rorqual.findings.report import Report
from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.page import Page, Row
from rorqual.render.terminal.values import clipped, count_text, size_text

MOST = 16  # rows
PROOF = 120  # characters


@dataclass
class Structure:
    """Claims and gaps of the file itself that lie in no claim before them, and how many lie in one."""

    outer: list[Finding] = field(default_factory=list)
    more: int = 0  # outer ones that are not kept
    inside: dict[str, int] = field(default_factory=dict)  # by format
    _end: int = 0

    def take(self, finding: Finding) -> None:
        """They come by offset, of those at one offset the smaller first."""
        end = finding.offset + finding.size
        while self.outer and finding.offset == self.outer[-1].offset and end > self._end:
            self._count(self.outer.pop())  # a cavity: what fills the room of a larger format's start
        if end <= self._end and finding.kind == "claim" and finding.offset != self._end:
            self._count(finding)
        elif len(self.outer) < MOST:
            self.outer.append(finding)
        else:
            self.more += 1
        self._end = max(self._end, end)

    def _count(self, finding: Finding) -> None:
        name = Fields.of(finding.body).text("format")
        self.inside[name] = self.inside.get(name, 0) + 1


def draw(page: Page, report: Report, structure: Structure) -> None:
    """A row for each outer extent; nothing where one format fills the file and holds no other."""
    if not structure.outer or (
        len(structure.outer) == 1 and structure.outer[0].size == report.source.size and not structure.inside
    ):
        return
    page.heading("Structure")
    page.table(("offset", "size", "format", "proof"), map(_row, structure.outer), right=(1,))
    if structure.more:
        page.line((f"and {structure.more:,} more", "label"))
    if structure.inside:
        told = sorted(structure.inside.items(), key=lambda item: (-item[1], item[0]))
        page.field("within them", ", ".join(f"{name} {number:,}" for name, number in told[:MOST]))
        if len(told) > MOST:
            page.field("", f"and {count_text(len(told) - MOST, 'more format')}", style="label")


def _row(finding: Finding) -> Row:
    body = Fields.of(finding.body)
    where = f"{finding.offset:#x}", size_text(finding.size)
    if finding.kind == "gap":
        return *where, "–", "no known format"
    return *where, (body.text("format"), "name"), clipped(body.text("proof"), PROOF)
