"""Numbers and bytes of a structure, one after another, out of blocks that are read of a view as they are needed."""

from rorqual.sdk import Malformed, View

FIRST = 512  # bytes of the first block: many structures are small
MOST = 64 << 10  # bytes of any block
TURNS = 8  # bytes that pay for one turn of the loop that takes them


class Cut(Malformed):
    """The source ends before the structure does."""


class Reader:
    """Takes what follows `at` of a view. Little-endian unless `big`."""

    __slots__ = ("_data", "_next", "_start", "at", "big", "view")

    def __init__(self, view: View, at: int = 0, *, big: bool = False) -> None:
        self.view = view
        self.at = at
        self.big = big
        self._data = b""
        self._start = at
        self._next = FIRST

    def _fill(self, size: int) -> None:
        """Reads on so that `size` bytes at `at` are at hand, if they are there."""
        wanted = max(size, self._next)
        self._next = min(MOST, 2 * self._next)
        self._data = self.view.read(self.at, wanted)
        self._start = self.at
        self.view.step(1 + len(self._data) // TURNS)

    def peek(self, size: int) -> bytes:
        """At most `size` bytes, without taking them; short at the end."""
        at = self.at - self._start
        if not 0 <= at <= len(self._data) - size:
            self._fill(size)
            at = 0
        return self._data[at : at + size]

    def take(self, size: int) -> bytes:
        """Just `size` bytes.

        Raises:
            Cut: fewer are there.
        """
        at = self.at - self._start
        if not 0 <= at <= len(self._data) - size:
            self._fill(size)
            at = 0
            if len(self._data) < size:
                raise Cut(self.view.offset + self.at, f"{size} bytes, found {len(self._data)}")
        self.at += size
        return self._data[at : at + size]

    def skip(self, size: int) -> None:
        """Passes over bytes, without a look at whether they are there."""
        self.at += size

    def number(self, size: int) -> int:
        """A number without a sign."""
        return int.from_bytes(self.take(size), "big" if self.big else "little")

    def signed(self, size: int) -> int:
        """A number with a sign."""
        return int.from_bytes(self.take(size), "big" if self.big else "little", signed=True)

    def byte(self) -> int:
        """One byte."""
        at = self.at - self._start
        if 0 <= at < len(self._data):
            self.at += 1
            return self._data[at]
        return self.take(1)[0]

    def leb(self, most: int = 5) -> int:
        """A number in LEB128, without a sign, of at most `most` bytes.

        Raises:
            Malformed: it is longer.
        """
        value = 0
        for index in range(most):
            byte = self.byte()
            value |= (byte & 0x7F) << 7 * index
            if byte < 0x80:
                return value
        raise Malformed(self.view.offset + self.at, f"a number in LEB128 of at most {most} bytes")

    def check(self, holds: bool, expected: str) -> None:
        """Goes on where something holds.

        Raises:
            Malformed: it does not.
        """
        if not holds:
            raise Malformed(self.view.offset + self.at, expected)

    def reach(self, end: int) -> None:
        """Sees that bytes are there up to `end` of the view.

        Raises:
            Cut: they are not.
        """
        if end > 0 and not self.view.holds(end - 1):
            raise Cut(self.view.offset + end, "bytes up to here")


def told(view: View, at: int, size: int, *, most: int = 256 << 10) -> bool:
    """Whether bytes that readers pass over are worth telling of: at least 8, and not all zero as far as `most`."""
    if size < 8:
        return False
    done, piece = 0, 512
    while done < min(size, most):
        data = view.read(at + done, min(piece, size - done))
        if any(data):
            return True
        if not data:
            break
        done, piece = done + len(data), MOST
    return False
