"""Padding used to outgrow scanners (ATT&CK T1027.001): an executable most of which is one byte or one short period.

It rests on the exact runs of the entropy fold. Longer periods, repeated blocks and random filler are not handled
here. An honest executable has such runs too, between sections and in tables, but they never are most of a large file.
"""

import heapq
from collections.abc import Iterable, Iterator

from rorqual.analyzers.folds.entropy import EntropyMap, PaddingRun
from rorqual.sdk import Body, FileType, Finding, Place, Verdict

EXECUTABLE = {"elf", "le", "macho", "mz", "ne", "pe"}
SHARE = 0.5  # of the source that must be padding
LEAST = 10 << 20  # bytes of padding: nobody's limit is passed with less
LARGEST = 8  # runs named as evidence


class PaddedJudge:
    """Verdict `padded` on executables."""

    name = "padded"
    version = 1
    reads: frozenset[type[Body]] = frozenset({EntropyMap, FileType, PaddingRun})
    says: frozenset[type[Body]] = frozenset({Verdict})

    def weigh(self, findings: Iterable[Finding], place: Place, /) -> Iterator[Finding]:
        """At most one verdict, on the span from the first of the largest runs to the end of the last."""
        format_id, size, total = None, 0, 0
        largest: list[tuple[int, int, Finding]] = []
        for finding in findings:
            if isinstance(finding.body, FileType):
                format_id = finding.body.format
            elif isinstance(finding.body, EntropyMap):
                size = finding.size
            elif isinstance(finding.body, PaddingRun):
                total += finding.size
                heapq.heappush(largest, (finding.size, -finding.offset, finding))
                if len(largest) > LARGEST:
                    heapq.heappop(largest)
        if format_id not in EXECUTABLE or total < LEAST or total < SHARE * size:
            return
        runs = sorted((finding for _, _, finding in largest), key=lambda finding: finding.offset)
        start, end = runs[0].offset, max(run.offset + run.size for run in runs)
        largest_run = max(run.size for run in runs)
        summary = f"{100 * total // size} % is padding, {total:,} bytes; the largest run has {largest_run:,}"
        yield Finding(
            place,
            start,
            end - start,
            self.name,
            Verdict("padded", 0.9, summary, tuple(run.id for run in runs), attack=("T1027.001",)),
        )
