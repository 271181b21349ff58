"""Padding used to outgrow scanners (ATT&CK T1027.001): an executable most of which is filler, of whatever kind.

It rests on the runs of the entropy fold, which may be many and small, and on the filler that `bloat` told apart. An
honest executable has such runs too, between sections and in tables, but they seldom are most of a large file. Random
filler is a likelihood only, and says so; so are blocks whose copies differ, and zeros of a section that is mapped.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator

from rorqual.analyzers.bloat.bodies import (
    LEAST,
    LOW_ENTROPY,
    RANDOM,
    SECTION,
    SECTION_END,
    SHARE,
    VARIED,
    ZERO,
    Core,
    Filler,
)
from rorqual.analyzers.folds.entropy import EntropyMap, PaddingRun
from rorqual.sdk import Body, FileType, Finding, Place, Verdict

EXECUTABLE = {"elf", "le", "macho", "mz", "ne", "pe"}
LARGEST = 8  # runs named as evidence, and as many stretches of filler
# Runs and blocks; low entropy; what may be honest: random bytes, which encryption looks like, blocks that vary, as
# tables and frames of pictures may, and the zeros of a section that a program maps, as an array of its own.
SURE, LOW, LIKELY = 0.9, 0.7, 0.6
OWN = {(ZERO, SECTION), (ZERO, SECTION_END)}


class PaddedJudge:
    """Verdict `padded` on executables."""

    name = "padded"
    version = 3
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
        low = sum(count for (kind, _), count in kinds.items() if kind == LOW_ENTROPY)
        likely = sum(count for what, count in kinds.items() if what[0] in (RANDOM, VARIED) or what in OWN)
        needed = total - low - likely < max(LEAST, SHARE * size)
        confidence = SURE if not needed else LIKELY if likely else LOW
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
    if any(kind == VARIED for kind, _ in kinds):
        text += "; the copies of the block differ in places, as those of a table may"
    if any(what in OWN for what in kinds):
        text += "; the zeros are mapped with their section, which may be the program's own data"
    if core is not None and isinstance(core.body, Core):
        text += f"; the core has {core.body.size:,} bytes"
        if core.body.beside:
            beside = [piece.format or "data" for piece in core.body.beside[:4]]
            text += f", beside it: {', '.join(beside)}"
    return text
