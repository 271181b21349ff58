"""Data elements of DICOM (PS3.5 section 7): a tag of two numbers, with explicit VRs its type, a length, a value.

Sequences and encapsulated pixels of undefined length are followed item by item (section 7.5).
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from rorqual.analyzers.formats.images.walking import Ahead
from rorqual.sdk import Malformed, View

LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
SHORT = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
PIXELS = 0x7FE00010
BEHIND_PIXELS = (0x7FE1, 0xFFFA, 0xFFFC)  # groups: private, digital signatures, padding
DEEPEST = 64
MOST = 1 << 20  # elements and items


class Element(NamedTuple):
    """One element of the outmost level; `at` is that of its value, `end` just past it."""

    tag: int
    vr: bytes  # empty where it is implicit
    at: int
    end: int

    @property
    def size(self) -> int:
        """Bytes of the value."""
        return self.end - self.at


class Encoding(NamedTuple):
    """How elements behind group 2 are stored; `explicit` None: each tells for itself."""

    explicit: bool | None = None
    little: bool = True


def _standard(group: int) -> bool:
    """Whether a group is one of the standard's own (PS3.6)."""
    if group & 1:
        return False
    return group < 0x90 or group in (*range(0x2000, 0x2202), *range(0x3002, 0x3014), 0x4010, 0x5200, 0x5400, 0x7FE0)


class Elements:
    """Walks the elements from `at` on; `cut` says that the last runs past the end of the source."""

    def __init__(self, view: View, at: int) -> None:
        self._view = view
        self._ahead = Ahead(view)
        self.at = at
        self.encoding = Encoding()
        self.cut = False

    def __iter__(self) -> Iterator[Element]:
        last, count = 0, 0
        while count < MOST:
            self._view.step()
            head = self._head(self.at)
            if head is None:
                return
            tag, vr, start, size = head
            group = tag >> 16
            if last >> 16 == 2 and group != 2:
                last = 0  # the data set has an order of its own
            if group in (0, 0xFFFE) or (tag <= last and not vr):
                return
            if last >= PIXELS and group not in BEHIND_PIXELS:
                return
            if size == UNDEFINED:
                end, count = self._undefined_end(start, count)
            else:
                end, count = start + size, count + 1
            if end < 0 or not (end == start or self._view.holds(end - 1)):
                self.cut = bool(vr) or _standard(group) or group == last >> 16
                return
            yield Element(tag, vr, start, end)
            last, self.at = tag, end

    def _head(self, at: int) -> tuple[int, bytes, int, int] | None:
        """(tag, VR, where the value begins, its size) of what stands at `at`."""
        data = self._ahead.read(at, 12)
        if len(data) < 8:
            return None
        meta = data[:2] == b"\2\0"
        order: Literal["little", "big"] = "little" if meta or self.encoding.little else "big"
        explicit = True if meta else self.encoding.explicit
        tag = int.from_bytes(data[:2], order) << 16 | int.from_bytes(data[2:4], order)
        vr = data[4:6]
        if tag >> 16 == 0xFFFE or explicit is False:
            return tag, b"", at + 8, int.from_bytes(data[4:8], order)
        if vr in SHORT:
            return tag, vr, at + 8, int.from_bytes(data[6:8], order)
        if vr in LONG and data[6:8] == b"\0\0" and len(data) == 12:
            return tag, vr, at + 12, int.from_bytes(data[8:12], order)
        if explicit:
            return None
        return tag, b"", at + 8, int.from_bytes(data[4:8], order)

    def _undefined_end(self, at: int, count: int) -> tuple[int, int]:
        """(just past the delimiter of the sequence whose items begin at `at`, elements so far); -1: there is none."""
        depth = 1
        while depth:
            self._view.step()
            count += 1
            head = self._head(at)
            if head is None or count > MOST:
                return -1, count
            tag, _, start, size = head
            at = start
            if tag in (ITEM_END, SEQUENCE_END):
                depth -= 1
            elif size == UNDEFINED:
                depth += 1
                if depth > DEEPEST:
                    raise Malformed(self._view.offset + at, f"at most {DEEPEST} levels of items")
            else:
                at += size
        return at, count
