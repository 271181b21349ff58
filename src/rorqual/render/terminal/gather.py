"""The findings on one image, gathered in one pass: of each kind as many as are shown, and no rows read but those."""

import heapq
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from rorqual.findings.record import Finding
from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.oddities import Oddities
from rorqual.render.terminal.values import clipped

SECTIONS = 12  # rows of the table of sections; of more the largest
NAME = 40  # characters of a section's name
IDS = ("attack", "mbc")


class Form(NamedTuple):
    """A format of executables: what its findings are called."""

    title: str
    row: str  # what a row of the table is
    name: str  # of its analyzers, alone or before a hyphen, and before the underscore of its tags
    image: str
    section: str  # rows of the table
    described: str  # parts with an "anomalies" field
    overlay: str
    kept: Mapping[str, int]  # kinds that are shown, and how many findings of each are needed
    largest: str  # a kind of which the one that spans most is kept
    told: frozenset[str]  # anomalies that the facts tell
    # Whether a finding belongs to the image; None: where it lies says so.
    belongs: Callable[[Finding, Fields, Finding], bool | None]


NAMES = ("pe", "elf", "macho")


class Gathered:
    """What belongs to one image: the first of its form in the file itself, or in a slice of it."""

    def __init__(self, form: Form, found: Finding, *, number: int) -> None:
        self.form, self.found, self.number = form, found, number
        self.image = Fields.of(found.body)
        self.sections_in_all = 0
        self.overlay: Finding | None = None
        self.odd = Oddities()
        self.largest: Finding | None = None
        self.counts: dict[str, int] = {}
        self._kept: dict[str, list[Finding]] = {}
        self._sections: list[
            tuple[int, int, int, Finding]
        ] = []  # a heap: size, minus the index, minus the place in order
        self._inner = 0  # where the images met inside this one end
        self._start_of_inner = 0

    def take(self, findings: Iterable[Finding]) -> None:
        """Looks through the findings of a report, which come by offset."""
        form = self.form
        wanted = {form.section, form.described, form.overlay, form.image, form.largest, "anomaly", *form.kept}
        for finding in findings:
            if finding.place == self.found.place and finding.kind in wanted and self._is_mine(finding):
                self._take(finding)

    def count(self, kind: str) -> int:
        """Findings of the kind that belong to the image."""
        return self.counts.get(kind, 0)

    def findings(self, kind: str) -> list[Finding]:
        """As many of them as are kept."""
        return self._kept.get(kind, [])

    def all(self, kind: str) -> list[Fields]:
        """The same, by their fields."""
        return [Fields.of(finding.body) for finding in self.findings(kind)]

    def first(self, kind: str) -> Fields:
        """The first of them; without fields where there is none."""
        return Fields.of(self._kept[kind][0].body) if kind in self._kept else Fields(None)

    @property
    def sections(self) -> list[tuple[Finding, Fields]]:
        """By index, the largest where there are many."""
        order = sorted(self._sections, key=lambda one: (-one[1], -one[2]))
        return [(finding, Fields.of(finding.body)) for *_, finding in order]

    def _is_mine(self, finding: Finding) -> bool:
        if self.number == 1:
            return True
        mine = self.form.belongs(self.found, self.image, finding)
        if mine is not None:
            return mine
        if finding.kind == self.form.image:
            if finding.offset > self.found.offset:
                self._start_of_inner = finding.offset
                self._inner = max(self._inner, finding.offset + finding.size)
            return False
        inside = self._start_of_inner <= finding.offset and finding.offset + finding.size <= self._inner
        same_bytes = finding.kind == self.form.largest and finding.offset == self._start_of_inner
        return finding.offset >= self.found.offset and (same_bytes or not inside)

    def _take(self, finding: Finding) -> None:
        kind = finding.kind
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if kind == "anomaly":
            self._take_anomaly(finding)
        if kind == self.form.described:
            self._take_described(finding)
        if kind == self.form.section:
            self._take_section(finding)
        elif kind == self.form.overlay and self.overlay is None:
            self.overlay = finding
        if kind == self.form.largest and (self.largest is None or finding.size > self.largest.size):
            self.largest = finding
        if self.counts[kind] <= self.form.kept.get(kind, 0):
            self._kept.setdefault(kind, []).append(finding)

    def _take_anomaly(self, finding: Finding) -> None:
        owner = finding.analyzer.partition("-")[0]
        if owner != self.form.name and owner in NAMES:
            return
        body = Fields.of(finding.body)
        if body.text("name") in self.form.told:
            return
        ids = tuple(one for name in IDS for one in body.texts(name))
        self.odd.add(body.text("name"), body.text("proof"), ids)

    def _take_described(self, finding: Finding) -> None:
        body = Fields.part(finding.body, "index", "name", "anomalies")
        for anomaly in body.texts("anomalies"):
            part = f"section {body.whole('index') or 0}, {clipped(body.text('name'), NAME)}"
            self.odd.add(anomaly, part, of_section=True)

    def _take_section(self, finding: Finding) -> None:
        self.sections_in_all += 1
        body = Fields.part(finding.body, "index", "present")
        size, index = body.whole("present") or 0, body.whole("index") or 0
        heapq.heappush(self._sections, (size, -index, -self.sections_in_all, finding))
        if len(self._sections) > SECTIONS:
            heapq.heappop(self._sections)
