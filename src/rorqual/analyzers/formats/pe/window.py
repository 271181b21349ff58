"""Strings and small structures that lie near each other in an image, read by address in few reads.

Names of imports and exports usually lie together, in about the order of the table that points to them. So a window is
kept on the image: it grows while what it holds is asked for and shrinks while it is not, so that scattered names cost
little more than themselves. What is told more often than it was read (names that overlap) is paid for as if it had
been read again.
"""

from collections.abc import Sequence
from operator import sub

from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.analyzers.formats.pe.names import printable
from rorqual.sdk import Fuel, OutOfFuel, View

LEAST, MOST = 1 << 9, 1 << 18  # bytes read at once
_PRINTABLE = bytes(range(0x20, 0x7F))
RESERVE = 24 * 4096  # units of fuel kept back: what it takes to sum up a table that has used up all others


class Window:
    """What was read last of an image. All that it does is paid from the view's fuel but for the reserve."""

    __slots__ = ("_credit", "_data", "_memory", "_served", "_size", "_start", "_view")

    def __init__(self, layout: Layout, view: View, first: int) -> None:
        """`first` bytes are worth reading at once before anything is known of what lies where."""
        self._memory = Memory(layout, view)
        self._view = view
        self._size = min(max(first, LEAST), MOST)
        self._start = 0
        self._data = b""
        self._served = 0  # bytes of it that were asked for
        self._credit = 0  # bytes read and not told yet

    def pay(self, units: int) -> None:
        """Burns fuel.

        Raises:
            OutOfFuel: only the reserve would be left.
        """
        fuel = self._view.fuel
        if fuel.left - units < RESERVE:
            raise OutOfFuel(self._view.offset, fuel.allowance)
        fuel.burn(units, self._view.offset)

    def step(self, count: int = 1) -> None:
        """Pays for `count` turns of a loop that the bytes drive."""
        self.pay(count * Fuel.STEP)

    def take(self, rva: int, size: int) -> bytes:
        """At most `size` bytes at the address; short where the mapping ends."""
        into = rva - self._start
        if not 0 <= into <= len(self._data) - size:
            self._fill(rva, size)
            into = rva - self._start
        self._served += size
        return self._data[into : into + size]

    def table(self, rva: int, size: int) -> bytes:
        """As `take`, but what the window does not hold is read by itself: a table is read in pieces and not again."""
        into = rva - self._start
        if 0 <= into <= len(self._data) - size:
            self._served += size
            return self._data[into : into + size]
        return self._read(rva, size)

    def string(self, rva: int, most: int) -> bytes | None:
        """The bytes at the address up to a NUL; `most` of them where there is none so far, None where nothing is."""
        return self.strings((rva,), most)[0]

    def strings(self, rvas: Sequence[int], most: int, lead: int = 0) -> list[bytes | None]:
        """For each address `lead` bytes and up to `most` that follow until a NUL; read in the order of addresses."""
        if not lead and len(rvas) > 1 and (row := self._row(rvas, most)):
            return [*row]
        found: list[bytes | None] = [None] * len(rvas)
        told = 0
        data, start, size = self._data, self._start, len(self._data)
        for number in _ascending(rvas):
            into = rvas[number] - start
            end = data.find(b"\0", into + lead, into + lead + most) if 0 <= into < size else -1
            if end < 0 and 0 <= into <= size - lead - most:
                end = into + lead + most  # it is cut
            if end < 0:
                self._served += told
                self._charge(told)
                told = 0
                found[number] = self._string(rvas[number], most, lead)
                data, start, size = self._data, self._start, len(self._data)
            else:
                found[number] = data[into:end]
                told += end - into + 1
        self._served += told
        self._charge(told)
        return found

    def _row(self, rvas: Sequence[int], most: int) -> list[bytes]:
        """The strings, where the window holds them one right behind the other, as linkers write names; else none."""
        first, last = rvas[0] - self._start, rvas[-1] - self._start
        end = self._data.find(b"\0", last) if 0 <= first < last else -1
        if end < 0:
            return []
        found = self._data[first:end].split(b"\0")
        sizes = list(map(len, found))
        gaps = map(sub, map(sub, rvas[1:], rvas), sizes)
        if len(found) != len(rvas) or set(gaps) != {1} or max(sizes) >= most:
            return []
        self._served += end - first + 1
        self._charge(end - first + 1)
        return found

    def _string(self, rva: int, most: int, lead: int) -> bytes | None:
        """A string that the window does not hold, at least not to its end."""
        self._fill(rva, lead + 1)
        into = rva - self._start
        end = self._data.find(b"\0", into + lead, into + lead + most)
        if end < 0 and len(self._data) - into < lead + most:
            self._fill(rva, lead + most)
            into = rva - self._start
            end = self._data.find(b"\0", into + lead, into + lead + most)
        text = self._data[into : into + lead + most if end < 0 else end]
        self._served += len(text) + 1
        self._charge(len(text) + 1)
        return text if len(self._data) - into > lead else None

    def _charge(self, told: int) -> None:
        self._credit -= told
        if self._credit < 0:
            self.pay(-self._credit)
            self._credit = 0

    def _fill(self, rva: int, need: int) -> None:
        """Reads what lies from the address on, or around it where the way leads down."""
        if self._data and 2 * self._served >= len(self._data):
            self._size = min(2 * self._size, MOST)
        elif self._data and 32 * self._served < len(self._data):
            self._size = max(self._size // 2, LEAST)
        size = max(need, self._size)
        start = rva
        if self._data and self._start - self._size < rva < self._start:
            start = max(0, rva + need - size)
        data = self._read(start, size)
        if start < rva and len(data) < rva - start + need:
            start, data = rva, self._read(rva, size)
        self._start, self._data, self._served = start, data, 0
        self._credit += len(data)

    def _read(self, rva: int, size: int) -> bytes:
        self.pay(Fuel.STEP)
        if self._view.fuel.left - size < RESERVE:
            raise OutOfFuel(self._view.offset, self._view.fuel.allowance)
        return self._memory.read(rva, size)


def _ascending(values: Sequence[int]) -> Sequence[int]:
    """The indexes of the values in ascending order."""
    in_order = sorted(values)
    return range(len(values)) if in_order == list(values) else sorted(range(len(values)), key=values.__getitem__)


def plain(raw: bytes) -> bool:
    """Whether it is printable ASCII."""
    return not raw.translate(None, _PRINTABLE)


def shown(raw: bytes) -> str:
    """As `printable`, at once for what is plain."""
    return raw.decode("ascii") if plain(raw) and b"\\" not in raw else printable(raw)


def all_shown(texts: Sequence[bytes | None]) -> list[str | None]:
    """As `shown`; what is plain altogether is seen at once."""
    there = [text for text in texts if text is not None]
    whole = b"".join(there)
    if plain(whole) and b"\\" not in whole:
        if len(there) == len(texts) > 0:
            return [*b"\0".join(there).decode("ascii").split("\0")]
        return [None if text is None else text.decode("ascii") for text in texts]
    return [None if text is None else shown(text) for text in texts]
