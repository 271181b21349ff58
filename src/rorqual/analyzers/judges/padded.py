"""Padding used to outgrow scanners (ATT&CK T1027.001): an executable most of which is filler, of whatever kind.

It rests on the runs of the entropy fold, which may be many and small, and on the filler that `bloat` told apart. An
honest executable has such runs too, between sections and in tables, but they never are most of a large file. Random
filler is a likelihood only, and says so.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator

from rorqual.analyzers.bloat.bodies import LEAST, LOW_ENTROPY, RANDOM, SHARE, Core, Filler
from rorqual.analyzers.folds.entropy import EntropyMap, PaddingRun
from rorqual.sdk import Body, FileType, Finding, Place, Verdict

EXECUTABLE = {"elf", "le", "macho", "mz", "ne", "pe"}
LARGEST = 8  # runs named as evidence, and as many stretches of filler
SURE, LOW, LIKELY = 0.9, 0.7, 0.6  # runs and blocks; low entropy; random bytes, which encryption looks like


class PaddedJudge:
    """Verdict `padded` on executables."""

    name = "padded"
    version = 2
    reads: frozenset[type[Body]] = frozenset({Core, EntropyMap, FileType, Filler, PaddingRun})
    says: frozenset[type[Body]] = frozenset({Verdict})

    def weigh(self, findings: Iterable[Finding], place: Place, /) -> Iterator[Finding]:
        """At most one verdict, on the span from the first of the largest runs to the end of the last."""
        format_id, size, total, reached = None, 0, 0, 0
        kinds: Counter[tuple[str, str]] = Counter()
        largest: list[tuple[int, int, str, Finding]] = []
        core: Finding | None = None
        for finding in findings:
            body = finding.body
            if isinstance(body, FileType):
                format_id = body.format
            elif isinstance(body, EntropyMap):
                size = finding.size
            elif isinstance(body, Core):
                core = finding
            else:
                end = finding.offset + finding.size
                fresh = max(0, end - max(finding.offset, reached))  # they come by offset; both may tell of the same
                reached = max(reached, end)
                total += fresh
                if isinstance(body, Filler):
                    kinds[body.filler, body.where or ""] += finding.size
                heapq.heappush(largest, (finding.size, -finding.offset, finding.analyzer, finding))
                if len(largest) > LARGEST:
                    heapq.heappop(largest)
        if format_id not in EXECUTABLE or total < LEAST or total < SHARE * size:
            return
        runs = sorted((finding for *_, finding in largest), key=lambda finding: (finding.offset, finding.analyzer))
        start, end = runs[0].offset, max(run.offset + run.size for run in runs)
        doubtful = Counter({kind: count for (kind, _), count in kinds.items() if kind in (RANDOM, LOW_ENTROPY)})
        needed = total - sum(doubtful.values()) < max(LEAST, SHARE * size)
        confidence = SURE if not needed else LIKELY if doubtful[RANDOM] else LOW
        rests_on = tuple(run.id for run in runs) + ((core.id,) if core else ())
        verdict = Verdict("padded", confidence, _summary(total, size, runs, kinds, core), rests_on, ("T1027.001",))
        yield Finding(place, start, end - start, self.name, verdict)


def _summary(total: int, size: int, runs: list[Finding], kinds: Counter[tuple[str, str]], core: Finding | None) -> str:
    text = f"{100 * total // size} % is padding, {total:,} bytes; the largest run has {max(run.size for run in runs):,}"
    if kinds:
        told = [f"{kind} in {where}" if where else kind for (kind, where), _ in kinds.most_common(4)]
        text += f"; {', '.join(told)}"
    if any(kind == RANDOM for kind, _ in kinds):
        text += "; nothing explains the random bytes, which an encrypted payload would look like"
    if core is not None and isinstance(core.body, Core):
        text += f"; the core has {core.body.size:,} bytes"
        if core.body.beside:
            beside = [piece.format or "data" for piece in core.body.beside[:4]]
            text += f", beside it: {', '.join(beside)}"
    return text
