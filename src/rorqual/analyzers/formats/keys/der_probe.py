"""What the probes of DER structures share: the outer value, and whether all that is in it is made of values."""

import re

from rorqual.analyzers.formats.der import SEQUENCE, Der, Value
from rorqual.sdk import Malformed, View

SIZE_MOST = 8 << 20  # bytes of one structure; revocation lists are the longest
NESTING_MOST = 24
VALUES_MOST = 1 << 17
BEFORE = 4096  # bytes before a structure in which one that has it is looked for
CONSTRUCTED = 0x20
_OUTER = re.compile(rb"(?=\x30(?:\x82([\0-\xff]{2})|\x81([\x80-\xff]))[\x02\x06\x30])", re.S)


def size_at(view: View, at: int = 0) -> int:
    """Bytes of the SEQUENCE there, tag and length included.

    Raises:
        Malformed: there is none, or its length is not in the shortest form.
    """
    head = view.read(at, 6)
    if len(head) < 2 or head[0] != SEQUENCE:
        raise Malformed(view.offset + at, "a SEQUENCE")
    if head[1] < 0x80:
        return 2 + head[1]
    width = head[1] & 0x7F
    size = int.from_bytes(head[2 : 2 + width], "big")
    if not 1 <= width <= 4 or len(head) < 2 + width or size < 0x80 or size >> 8 * (width - 1) == 0:
        raise Malformed(view.offset + at + 1, "a DER length")
    return 2 + width + size


def whole(view: View) -> Value:
    """The value at the view's start.

    Raises:
        Malformed: it is no SEQUENCE, or not all of it is there.
    """
    size = size_at(view)
    if size > SIZE_MOST:
        raise Malformed(view.offset, f"at most {SIZE_MOST} bytes of DER")
    return Der(view.exact(0, size), view.offset, view.step).value()


def check(value: Value) -> None:
    """Sees that constructed values are made of values, to the last.

    Raises:
        Malformed: one is not.
    """
    left = [(value, 0)]
    count = 0
    while left:
        one, depth = left.pop()
        if not one.tag & CONSTRUCTED:
            continue
        if depth > NESTING_MOST:
            raise Malformed(one.offset, f"at most {NESTING_MOST} values in each other")
        at = one.start
        while at < one.end:
            inner = one.der.value(at, one.end)
            left.append((inner, depth + 1))
            at = inner.end
            count += 1
        if count > VALUES_MOST:
            raise Malformed(one.offset, f"at most {VALUES_MOST} values")


def enclosed(view: View, size: int) -> bool:
    """Whether the `size` bytes at the view's start lie inside another structure that begins not far before."""
    length = min(BEFORE, view.offset)
    before = view.sub(-length).read(0, length + 8)
    for found in _OUTER.finditer(before):
        wide, narrow = found.groups()
        end = found.start() + (4 + int.from_bytes(wide, "big") if wide is not None else 3 + narrow[0])
        if found.start() < length and end >= length + size:
            return True
    return False
