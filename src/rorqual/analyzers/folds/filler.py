"""Spots what an executable may be filled up with: long runs of a byte or a period, repeated blocks, drawn bytes.

It says nothing itself: who knows the structure (`bloat`) is woken once the source has ended, with all there is. The
source is looked at in blocks on a fixed grid, however the windows are cut, so that nothing here depends on them.
"""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple, Self

from rorqual.analyzers.folds.repeats import LEAST, Repeats
from rorqual.analyzers.folds.runs import Runs
from rorqual.analyzers.folds.stationary import Bins, Stationary
from rorqual.sdk import Finding, Place, Region, Window

KIND = "candidate:filler"
MAX_PERIOD = 1 << 17  # bytes: longer ones have landmarks, 12 of them in random bytes
BLOCK = 4 << 20
MOST = 4096  # stretches that are kept; a source of more is no file that was filled up once
BIG = 8 << 20  # bytes of a source in which drawn bytes are looked for: less outgrows nobody


class Stretch(NamedTuple):
    """Bytes `start` to `end` have this period; they may go on a little where they are not `exact`."""

    start: int
    end: int
    period: int
    exact: bool
    varied: int = 0  # bytes of it that have not


class Filling(NamedTuple):
    """All that was spotted."""

    stretches: tuple[Stretch, ...]  # by offset
    drawn: tuple[Stationary, ...]
    dropped: int  # stretches beyond MOST; whoever is woken tells that there were


class FillerFold:
    """Announces one region, the source, if there is something to look at."""

    name = "filler"
    version = 2
    announces = (KIND,)
    sequential: ClassVar[bool] = True  # a hash goes on from landmark to landmark, across any cut

    def __init__(self) -> None:
        self._held = bytearray()  # of a block that is not whole yet
        self._end = 0
        self._runs = Runs(LEAST, MAX_PERIOD)
        self._repeats = Repeats()
        self._bins = Bins()
        self._stretches: list[Stretch] = []
        self._dropped = 0

    def fresh(self) -> Self:
        """An unfed instance."""
        return type(self)()

    def feed(self, window: Window, /) -> None:
        """Takes in the window, which begins where the last ended."""
        self._bins.feed(window)
        data = window.data
        while len(data):
            if not self._held and len(data) >= BLOCK:
                self._block(data[:BLOCK])
                data = data[BLOCK:]
                continue
            part = data[: BLOCK - len(self._held)]
            self._held += part
            data = data[len(part) :]
            if len(self._held) == BLOCK:
                held, self._held = self._held, bytearray()
                self._block(memoryview(held))

    def merge(self, later: Self, /) -> None:
        """Is never called: see `sequential`."""
        raise NotImplementedError

    def drain(self, place: Place, /) -> Iterator[Finding | Region]:
        """Nothing: all is announced at once."""
        return iter(())

    def finish(self, place: Place, /) -> Iterator[Finding | Region]:
        """The region."""
        if self._held:
            self._block(memoryview(self._held))
        if self._end < LEAST:
            return
        self._repeats.finish()
        self._collect()
        for run in self._runs.rest():
            self._keep(Stretch(run.start, run.end, len(run.unit), exact=True))
        stretches = tuple(sorted(self._stretches))
        known = [(one.start, one.end) for one in stretches]
        drawn = tuple(self._bins.stretches(known)) if self._end >= BIG else ()
        if stretches or drawn:
            yield Region(0, self._end, KIND, context=Filling(stretches, drawn, self._dropped))

    def _block(self, data: memoryview) -> None:
        self._repeats.feed(data, self._end)
        self._runs.feed(Window(self._end, data))
        self._end += len(data)
        self._collect()

    def _collect(self) -> None:
        """Takes what is over, without its bytes: a period may have many."""
        for run in self._runs.take():
            self._keep(Stretch(run.start, run.end, len(run.unit), exact=True))
        for repeat in self._repeats.closed:
            if repeat.period > MAX_PERIOD or repeat.varied:  # else it is one of the runs, and exact there
                self._keep(Stretch(repeat.start, repeat.end, repeat.period, exact=False, varied=repeat.varied))
        self._repeats.closed.clear()

    def _keep(self, stretch: Stretch) -> None:
        if len(self._stretches) < MOST:
            self._stretches.append(stretch)
        else:
            self._dropped += 1
