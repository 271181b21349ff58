"""A map of the source: what its bytes are like, bin by bin, and where it is padded.

The bins lie on multiples of a power of two that doubles as the source grows, so that there are at most 1,024
of them whatever the size; a bin is one exact byte histogram, and what is drawn from it (Shannon entropy,
Pearson's chi-square against the uniform distribution, a class) is computed once the source has ended.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Self

from rorqual.analyzers.folds.classes import LEGEND, classes
from rorqual.analyzers.folds.runs import MAX_PERIOD, MIN_LENGTH, Run, Runs
from rorqual.sdk import (
    Finding,
    Histogram,
    Place,
    Window,
    coarser,
    frozen,
    map_width,
    measure,
    measures,
)


@frozen
class EntropyMap:
    """The whole source in figures, and bin by bin: column i of each tuple is the bin at i * bin_width."""

    tag: ClassVar[str] = "entropy_map"
    bin_width: int
    entropy: float  # bits per byte
    chi_square: float  # 255 is expected of random bytes
    mean: float
    printable: float  # shares, 0 to 1
    zero: float
    bin_entropy: tuple[float, ...]
    bin_chi_square: tuple[float, ...]
    bin_mean: tuple[float, ...]
    bin_printable: tuple[float, ...]
    bin_zero: tuple[float, ...]
    bin_class: str  # a letter for each bin
    legend: tuple[tuple[str, str], ...] = LEGEND  # what the letters mean


@frozen
class PaddingRun:
    """The finding's bytes repeat `unit`, hex of `period` bytes as they stand at its offset."""

    tag: ClassVar[str] = "padding_run"
    period: int
    unit: str


class Entropy:
    """Bins of byte counts on a doubling grid, and the runs of padding."""

    name = "entropy"
    version = 1
    sequential: ClassVar[bool] = False

    __slots__ = ("bins", "end", "padded", "runs", "start", "width")

    def __init__(self, *, min_length: int = MIN_LENGTH, max_period: int = MAX_PERIOD) -> None:
        self.start = self.end = 0
        self.width = map_width(0)
        self.bins: list[Histogram] = []  # the first is that of byte `start`
        self.padded: list[int] = []  # bytes of each bin in taken runs of period 2 and more
        self.runs = Runs(min_length, max_period)

    @property
    def options(self) -> tuple[int, int]:
        """What its results depend on beside the version."""
        return self.runs.min_length, self.runs.max_period

    def fresh(self) -> Self:
        """An unfed instance with the same options."""
        return type(self)(min_length=self.runs.min_length, max_period=self.runs.max_period)

    def feed(self, window: Window, /) -> None:
        """Takes in the window, which begins where self ended."""
        if window.offset < window.end:
            pieces = window.pieces()
            self._append(window.offset, window.end, window.width, pieces, (0,) * len(pieces))
            self.runs.feed(window)

    def merge(self, later: Self, /) -> None:
        """Takes in `later`, which begins where self ended."""
        if later.bins:
            self._append(later.start, later.end, later.width, later.bins, later.padded)
            self.runs.merge(later.runs)

    def drain(self, place: Place, /) -> Iterator[Finding]:
        """The runs that are over."""
        return self._padding(self.runs.take(), place)

    def finish(self, place: Place, /) -> Iterator[Finding]:
        """The runs that the source's ends close, and the map."""
        yield from self._padding(self.runs.take(), place)
        yield from self._padding(self.runs.rest(), place)
        whole = measure(sum(self.bins))
        bins = list(measures(self.bins))
        body = EntropyMap(
            bin_width=self.width,
            entropy=round(whole.entropy, 3),
            chi_square=round(whole.chi_square, 1),
            mean=round(whole.mean, 2),
            printable=round(whole.printable, 4),
            zero=round(whole.zero, 4),
            bin_entropy=tuple(round(one.entropy, 3) for one in bins),
            bin_chi_square=tuple(round(one.chi_square, 1) for one in bins),
            bin_mean=tuple(round(one.mean, 2) for one in bins),
            bin_printable=tuple(round(one.printable, 4) for one in bins),
            bin_zero=tuple(round(one.zero, 4) for one in bins),
            bin_class="".join(classes(bins, self.bins, self.padded)),
        )
        yield Finding(place, 0, self.end, self.name, body)

    def _append(self, start: int, end: int, width: int, bins: Sequence[Histogram], padded: Sequence[int]) -> None:
        """Takes in the bins of what follows; they are at least as wide as our own, since the source has
        grown."""
        if not self.bins:
            self.start = start
        elif self.width < width:
            first, factor = self.start // self.width, width // self.width
            self.bins = list(coarser(first, self.bins, factor))
            self.padded = list(coarser(first, self.padded, factor))
        shared = bool(self.bins and start % width)  # our last bin is the first of what follows
        if shared:
            self.bins[-1] += bins[0]
            self.padded[-1] += padded[0]
        self.bins += bins[shared:]
        self.padded += padded[shared:]
        self.end, self.width = end, width

    def _padding(self, runs: Iterable[Run], place: Place) -> Iterator[Finding]:
        """A finding for each run; what it covers is entered into the bins."""
        for run in runs:
            if len(run.unit) > 1:
                self._cover(run)
            yield Finding(place, run.start, run.size, self.name, PaddingRun(len(run.unit), run.unit.hex()))

    def _cover(self, run: Run) -> None:
        first = self.start // self.width
        for index in range(run.start // self.width, -(-run.end // self.width)):
            at = index * self.width
            self.padded[index - first] += min(run.end, at + self.width) - max(run.start, at)
