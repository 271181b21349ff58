"""Blocks of any size that stand again and again, as a random mebibyte written 600 times: periods too long to look at.

Landmarks are places that the bytes before them choose, one in 11,000 of random ones, so they stand in each copy of a
block at the same places of it, and a hash of all bytes between two of them is the same in each. A run begins where a
hash was seen before, a *period* ago, and goes on while each hash is the one that followed then: all bytes from the
first landmark to the last are proven equal, as well as 64 bits prove it, to those a period later.

Copies may vary, as by a counter inside: a run waits where a stretch between two landmarks was never seen, and goes on
if the next that was seen stands a period behind again. Of what it comes to, `VARIED_SHARE` at most may have varied.
Copies that vary between each two landmarks are not found, nor are those from which bytes were taken out or put in.

Landmarks are 4,096 bytes apart at least, so the table of the last 16,384 reaches back 64 MiB at least, and 170 MiB of
random bytes. What stands before the first landmark of a run and behind its last is not proven here: who reads the
source compares it. Periods below 128 KiB may lack a landmark: the runs of `runs.py` are those.
"""

from array import array
from typing import NamedTuple

from rorqual.sdk import landmarks

TABLE = 1 << 14
LEAST = 1 << 20  # bytes of a run: what honest tables that stand twice stay below, and nobody outgrows a scanner with
VARIED_SHARE = (
    0.5  # of a run: landmarks are so few that one byte makes a fifth of a block of 64 KiB differ, at times more
)
COPIES_TENTHS = 25  # of a period a run must show, in tenths: three copies but for what lies outside the landmarks


class Repeat(NamedTuple):
    """Bytes `start` to `end` have this period, but for `varied` of them."""

    start: int
    end: int
    period: int
    varied: int = 0


class Repeats:
    """The runs of long periods in a source that is fed in order."""

    __slots__ = ("_behind", "_count", "_ends", "_last", "_numbers", "_run", "_trail", "_waits", "closed")

    def __init__(self) -> None:
        self._trail = b""  # the kernel's
        self._ends = array("Q")  # where each of the last landmarks is, by its number modulo TABLE
        self._numbers = array("Q")  # the hash of what stands before it
        self._last: dict[int, int] = {}  # by hash: the number of the landmark that was last
        self._count = 0
        self._run: Repeat | None = None
        self._waits = False  # whether what follows the run has varied so far
        self._behind = 0  # the number of the landmark a period before the run's last
        self.closed: list[Repeat] = []

    def feed(self, data: memoryview, offset: int) -> None:
        """Takes in what follows, which lies at `offset` of the source."""
        self._trail, found = landmarks(data, self._trail)
        numbers, last = self._numbers, self._last
        for place, number in zip(found[::2], found[1::2], strict=True):
            count, run = self._count, self._run
            slot = count % TABLE
            if slot == len(numbers):  # there is room yet
                self._ends.append(0)
                numbers.append(0)
            end = offset + place
            if run is not None and not self._waits and numbers[(self._behind + 1) % TABLE] == number:
                self._behind += 1
                self._run = run._replace(end=end)
            else:
                seen = last.get(number, -TABLE)
                known = count - seen < TABLE
                period = end - self._ends[seen % TABLE] if known else 0
                if run is not None and self._goes_on(run, end, period):
                    self._waits = not known or period != run.period
                    if not self._waits:
                        since = self._ends[(count - 1) % TABLE]  # where the stretch begins that is equal again
                        self._run = run._replace(end=end, varied=run.varied + since - run.end)
                        self._behind = seen
                else:
                    if run is not None:
                        self._close(run)
                    if known:
                        start = self._ends[(seen - 1) % TABLE] if seen else 0
                        self._run = Repeat(start, end, period)
                        self._behind = seen
            if count >= TABLE and last[numbers[slot]] == count - TABLE:
                del last[numbers[slot]]
            self._ends[slot], numbers[slot] = end, number
            last[number] = count
            self._count = count + 1

    def _goes_on(self, run: Repeat, end: int, period: int) -> bool:
        """Whether a stretch that is not the one which followed then, and ends at `end`, may be one that varied."""
        if period == run.period:
            return self._waits
        if end - run.end > VARIED_SHARE * run.period:
            return False
        # A stretch that was seen elsewhere begins another run, unless that one is some of these copies.
        copies = 10 * (run.end - run.start) >= COPIES_TENTHS * run.period
        return period == 0 or (copies and period % run.period == 0)

    def finish(self) -> None:
        """Closes the run that the source's end ends."""
        if self._run is not None:
            self._close(self._run)

    def _close(self, run: Repeat) -> None:
        self._run, self._waits = None, False
        if run.varied > VARIED_SHARE * (run.end - run.start):
            return
        if run.end - run.start >= max(LEAST, COPIES_TENTHS * run.period // 10):
            self.closed.append(run)
