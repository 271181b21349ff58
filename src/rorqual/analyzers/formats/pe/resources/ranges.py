"""Which bytes have been asked measures of: each is measured once, however many resources share it."""

from bisect import bisect_left


class Ranges:
    """Ranges of bytes that do not overlap, so that no byte is measured twice."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def take(self, start: int, end: int) -> bool:
        """Takes a range unless one taken before has a byte of it."""
        index = bisect_left(self._starts, start)
        if (index and self._ends[index - 1] > start) or (index < len(self._starts) and self._starts[index] < end):
            return False
        self._starts.insert(index, start)
        self._ends.insert(index, end)
        return True
