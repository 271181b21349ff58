"""What a pass over any number of findings leaves in memory: counts, the first of each kind, the largest."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from rorqual.findings.record import Finding
from rorqual.render.terminal.fields import Fields

FIRST = 3  # findings kept of each kind
LARGEST = 4  # padding runs kept


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
class Tally:
    """Of the scanned file, and where nothing else is said also of what is inside."""

    kinds: dict[str, Seen] = field(default_factory=dict)  # in order of first appearance
    padding: int = 0  # bytes in runs of the file itself
    entropy: Fields | None = None
    _largest: list[tuple[int, int, Finding]] = field(default_factory=list)  # a heap: size, minus the offset, the run

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> "Tally":
        """Counts the findings, which come in their order."""
        tally = cls()
        for finding in findings:
            tally._take(finding)
        return tally

    @property
    def largest(self) -> list[Finding]:
        """Of the padding runs, largest first, then by offset."""
        return [finding for _, _, finding in sorted(self._largest, reverse=True)]

    def count(self, kind: str) -> int:
        """Findings of this kind on the file itself."""
        seen = self.kinds.get(kind)
        return seen.here if seen else 0

    def first(self, kind: str) -> Finding | None:
        """The first of this kind on the file itself."""
        seen = self.kinds.get(kind)
        return seen.first[0] if seen and seen.here else None

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
            self.padding += finding.size
            heapq.heappush(self._largest, (finding.size, -finding.offset, finding))
            if len(self._largest) > LARGEST:
                heapq.heappop(self._largest)
