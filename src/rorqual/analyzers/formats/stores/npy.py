"""NumPy arrays: 93 "NUMPY", a version, a Python dictionary that tells type and shape, and the numbers.

https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Type and shape give the size; arrays of Python
objects hold a pickle, whose end is found by its operations and which is a child. Sub-arrays in structured types are
handled, dates and texts of any width too.
"""

import ast
import pickletools
import re
from collections.abc import Iterator
from typing import IO, ClassVar, cast

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.stores import NPY
from rorqual.sdk import Anomaly, Codec, Extent, Hit, Malformed, Region, Room, Said, View, frozen

HEADER_MOST = 64 << 10
NESTING_MOST = 8
SIZE_MOST = 1 << 48
TEXT_MOST = 256
OPERATIONS_MOST = 1 << 17
_SIMPLE = re.compile(r"[<>|=]?([?bBhHiIlLqQfdgFDGSUVOmMcaepnu])(\d*)(?:\[.*\])?")
_LONG = re.compile(r"(?<=\d)L\b")  # as Python 2 wrote its long numbers
_PLAIN = {"?": 1, "b": 1, "B": 1, "c": 1, "h": 2, "H": 2, "i": 4, "I": 4, "q": 8, "Q": 8, "e": 2, "f": 4, "d": 8}


@frozen
class NumPyArray:
    """An array. The finding spans header and numbers, as far as they are there."""

    tag: ClassVar[str] = "numpy_array"
    version: str
    type: str
    shape: tuple[int, ...]
    fortran_order: bool
    pickled: bool  # holds Python objects, which run code when they are loaded


class Npy:
    """Finds arrays anywhere."""

    name = "npy"
    version = 1
    wakes_on = NPY

    def score(self, view: View, /) -> int:
        """A dictionary."""
        return int(b"{" in view.read(10, 3))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(6, 6)
        start = 10 if head[0] == 1 else 12
        length = int.from_bytes(head[2:4] if head[0] == 1 else head[2:6], "little")
        if not 8 <= length <= HEADER_MOST:
            raise Malformed(hit.offset + 8, f"a header of at most {HEADER_MOST} bytes")
        text = view.exact(start, length).decode("latin-1" if head[0] < 3 else "utf-8", "replace")
        fields = _fields(hit, text)
        kind, shape = fields.get("descr"), fields.get("shape")
        if not isinstance(shape, tuple) or not all(isinstance(n, int) and 0 <= n < SIZE_MOST for n in shape):
            raise Malformed(hit.offset + start, "a shape")
        items = 1
        for n in shape:
            items = min(items * n, SIZE_MOST)
        width, pickled = _width(kind, 0)
        if width is None:
            raise Malformed(hit.offset + start, "a type of numbers")
        body = NumPyArray(
            version=f"{head[0]}.{head[1]}",
            type=(kind if isinstance(kind, str) else repr(kind))[:TEXT_MOST],
            shape=shape[:64],
            fortran_order=fields.get("fortran_order") is True,
            pickled=pickled,
        )
        at = start + length
        size = at + items * width
        if pickled:
            end = _pickle_end(view, at)
            yield hit.finding(0, at if end is None else end, body)
            if end is not None:
                yield Extent(0, end, "npy", "the pickle's operations lead to its end")
                yield Region(at, end - at, "npy-pickle", Codec("npy", None))
            return
        if size >= SIZE_MOST:
            raise Malformed(hit.offset + start, "an array of at most 2^48 bytes")
        present = view.within(0, size)
        yield hit.finding(0, present, body)
        if present == size:
            yield Extent(0, size, "npy", "type and shape give the size")
        padding = len(text) - len(text.rstrip(" \n"))
        if "}" in text and text.rindex("}") + 1 < len(text) - padding and told(view, start, length):
            yield hit.finding(start, length, Anomaly("npy_header_trailing", "text behind the dictionary"))
        comment = text.find("#")
        if comment >= 0:
            yield hit.finding(start + comment, length - comment, Room("npy", "comment"))


def _fields(hit: Hit, text: str) -> dict[str, object]:
    try:
        fields = ast.literal_eval(_LONG.sub("", text.strip()))
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise Malformed(hit.offset + 10, "a dictionary of literals") from error
    if not isinstance(fields, dict) or not {"descr", "fortran_order", "shape"} <= fields.keys():
        raise Malformed(hit.offset + 10, "type, order and shape")
    return fields


def _width(kind: object, depth: int) -> tuple[int | None, bool]:
    """Bytes of an item, and whether it is a Python object."""
    if depth > NESTING_MOST:
        return None, False
    if isinstance(kind, str):
        found = _SIMPLE.fullmatch(kind)
        if found is None or len(found[2]) > 9:
            return None, False
        letter, digits = found.groups()
        if letter == "O":
            return 8, True
        width = int(digits) if digits else _PLAIN.get(letter)
        return (4 * width if letter == "U" and width is not None else width), False
    if isinstance(kind, tuple) and len(kind) == 2 and isinstance(kind[1], tuple):
        return _times(_width(kind[0], depth + 1), kind[1])
    if not isinstance(kind, list):
        return None, False
    total, objects = 0, False
    for field in kind:
        if not isinstance(field, tuple) or not 2 <= len(field) <= 3:
            return None, False
        inner = _width(field[1], depth + 1)
        if len(field) == 3:
            inner = _times(inner, field[2])
        if inner[0] is None:
            return None, False
        total, objects = total + inner[0], objects or inner[1]
    return total, objects


def _times(inner: tuple[int | None, bool], shape: object) -> tuple[int | None, bool]:
    width, objects = inner
    sides = shape if isinstance(shape, tuple) else (shape,)
    for side in sides:
        if width is None or not isinstance(side, int) or not 0 <= side < 1 << 31:
            return None, False
        width = min(width * side, SIZE_MOST)
    return width, objects


def _pickle_end(view: View, at: int) -> int | None:
    cursor = view.cursor(at)
    try:
        for count, (operation, _, _) in enumerate(pickletools.genops(cast(IO[bytes], cursor))):
            view.step()
            if operation.name == "STOP":
                return at + cursor.tell()
            if count > OPERATIONS_MOST:
                break
    except ValueError:
        return None
    return None
