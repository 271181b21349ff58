"""INDEX and DICT structures of the Compact Font Format (Adobe Technical Note 5176, sections 4 and 5)."""

from typing import NamedTuple

from rorqual.sdk import Malformed, View

MOST_DICT = 64 << 10  # bytes


class Index(NamedTuple):
    """Objects in a row; places count from the view's start."""

    objects: int
    wide: int  # bytes of an offset
    at: int  # of the offsets
    data: int  # where offset 0 would lead, one before the first object
    end: int


def index(view: View, at: int) -> Index:
    """The INDEX at `at`.

    Raises:
        Malformed: there is none.
    """
    head = view.exact(at, 2)
    count = int.from_bytes(head, "big")
    if not count:
        return Index(0, 0, at + 2, at + 1, at + 2)
    wide = view.exact(at + 2, 1)[0]
    if not 1 <= wide <= 4:
        raise Malformed(view.offset + at + 2, "offsets of 1 to 4 bytes")
    data = at + 2 + (count + 1) * wide
    first = int.from_bytes(view.exact(at + 3, wide), "big")
    last = int.from_bytes(view.exact(at + 3 + count * wide, wide), "big")
    if first != 1 or last < 1:
        raise Malformed(view.offset + at + 3, "a first offset of 1")
    return Index(count, wide, at + 3, data, data + last)


def item(view: View, of: Index, number: int) -> tuple[int, int]:
    """(at, size) of one object.

    Raises:
        Malformed: it lies outside.
    """
    pair = view.exact(of.at + number * of.wide, 2 * of.wide)
    start, end = int.from_bytes(pair[: of.wide], "big"), int.from_bytes(pair[of.wide :], "big")
    if not 1 <= start <= end or of.data + end > of.end:
        raise Malformed(view.offset + of.at, f"object {number} within the index")
    return of.data + start, end - start


def dictionary(view: View, at: int, size: int) -> dict[int, list[int]]:
    """Operands by operator; those of two bytes are 1200 and more. Real numbers count as 0.

    Raises:
        Malformed: it breaks off, or is too long.
    """
    if size > MOST_DICT:
        raise Malformed(view.offset + at, f"a DICT of at most {MOST_DICT} bytes")
    data, place = view.exact(at, size), 0
    found: dict[int, list[int]] = {}
    operands: list[int] = []
    while place < size:
        view.step()
        first = data[place]
        place += 1
        if first <= 21:
            if first == 12:
                first = 1200 + int.from_bytes(data[place : place + 1], "big")
                place += 1
            found[first], operands = operands, []
        elif first == 28:
            operands.append(int.from_bytes(data[place : place + 2], "big", signed=True))
            place += 2
        elif first == 29:
            operands.append(int.from_bytes(data[place : place + 4], "big", signed=True))
            place += 4
        elif first == 30:
            while place < size and data[place] & 15 != 15:
                place += 1
            place += 1
            operands.append(0)
        elif 32 <= first <= 246:
            operands.append(first - 139)
        elif 247 <= first <= 254:
            value = (first - 247 & 3) * 256 + int.from_bytes(data[place : place + 1], "big") + 108
            operands.append(value if first < 251 else -value)
            place += 1
        else:
            raise Malformed(view.offset + at + place, "an operand or operator")
    return found
