"""What a pass over any number of findings leaves in memory: counts, the first of each kind, the largest."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from rorqual.findings.record import Finding
from rorqual.render.terminal.fields import Fields
from rorqual.render.terminal.structure import Structure

FIRST = 3  # findings kept of each kind
LARGEST = 4  # stretches of padding kept


@dataclass
class Seen:
    """Findings of one kind."""

    first: list[Finding] = field(default_factory=list)
    here: int = 0  # of the scanned file itself
    below: int = 0  # of the streams inside it

    @property
    def count(self) -> int:
        return self.here + self.below


@dataclass
class Stretches:
    """Padding of the file itself."""

    number: int = 0
    size: int = 0  # bytes in all
    _heap: list[tuple[int, int, Finding]] = field(default_factory=list)  # size, minus the offset, the stretch

    @property
    def largest(self) -> list[Finding]:
        """Largest first, then by offset."""
        return [finding for _, _, finding in sorted(self._heap, key=lambda one: one[:2], reverse=True)]

    def take(self, finding: Finding) -> None:
        self.number += 1
        self.size += finding.size
        heapq.heappush(self._heap, (finding.size, -finding.offset, finding))
        if len(self._heap) > LARGEST:
            heapq.heappop(self._heap)


@dataclass
class Tally:
    """Of the scanned file, and where nothing else is said also of what is inside."""

    kinds: dict[str, Seen] = field(default_factory=dict)  # in order of first appearance
    runs: Stretches = field(default_factory=Stretches)  # of one byte or period
    filler: Stretches = field(default_factory=Stretches)
    structure: Structure = field(default_factory=Structure)
    entropy: Fields | None = None

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> "Tally":
        """Counts the findings, which come in their order."""
        tally = cls()
        for finding in findings:
            tally._take(finding)
        return tally

    def count(self, kind: str) -> int:
        """Findings of this kind on the file itself."""
        seen = self.kinds.get(kind)
        return seen.here if seen else 0

    def first(self, kind: str) -> Finding | None:
        """The first of this kind on the file itself."""
        seen = self.kinds.get(kind)
        return seen.first[0] if seen and seen.here else None

    def first_below(self, kind: str) -> Finding | None:
        """The first of this kind in what is inside, where the file itself has none."""
        seen = self.kinds.get(kind)
        return seen.first[0] if seen and not seen.here else None

    def _take(self, finding: Finding) -> None:
        seen = self.kinds.setdefault(finding.kind, Seen())
        if len(seen.first) < FIRST:
            seen.first.append(finding)
        if finding.place:
            seen.below += 1
            return
        seen.here += 1
        if finding.kind == "entropy_map" and self.entropy is None:
            self.entropy = Fields.of(finding.body)
        elif finding.kind == "padding_run":
            self.runs.take(finding)
        elif finding.kind == "filler":
            self.filler.take(finding)
        elif finding.kind in ("claim", "gap"):
            self.structure.take(finding)
