"""The objects that Python's marshal module writes, walked to where the outermost ends.

https://github.com/python/cpython/blob/main/Python/marshal.c, for what Python 2.3 to 3.14 write. Nothing is built but
the few texts that are asked for.
"""

from typing import NamedTuple

from rorqual.analyzers.formats.reader import Reader
from rorqual.sdk import View

DEPTH_MOST = 100  # objects in each other; code of real programs has below 40
TEXT_MOST = 1024
NAMES_MOST = 256
REFERENCE = 0x80  # flag of the type: others may refer to it
NONE = frozenset(b"0NFTS.")
FIXED = {ord("i"): 4, ord("I"): 8, ord("g"): 8, ord("y"): 16, ord("r"): 4, ord("R"): 4}
LONG_TEXTS, SHORT_TEXTS = frozenset(b"stuaA"), frozenset(b"zZ")
LONG_LISTS = frozenset(b"([<>")


class Code(NamedTuple):
    """What the outermost code object says of itself."""

    file_name: bytes | None
    name: bytes | None
    names: tuple[bytes, ...]  # that it uses
    code_size: int


class Walk:
    """An object, walked to its end, which is `end`.

    Raises:
        Malformed: it is none.
        Cut: it goes on behind the end of the source.
    """

    def __init__(self, view: View, at: int, version: tuple[int, int]) -> None:
        self._reader = Reader(view, at)
        self._version = version
        self._shared: list[bytes | None] = []  # of objects that others refer to: texts, where they are short
        self._interned: list[bytes | None] = []
        self._told: Code | None = None
        self.codes = 0
        self.objects = 0
        self._item(0, collect=None)
        self.end = self._reader.at

    @property
    def code(self) -> Code | None:
        """The outermost code object's."""
        return self._told

    def _item(self, depth: int, *, collect: list[bytes] | None) -> bytes | None:
        """Passes over one object; gives a short text. `collect` takes the texts of a tuple."""
        reader = self._reader
        kind = reader.byte()
        flag, kind = kind & REFERENCE, kind & ~REFERENCE
        reader.check(depth < DEPTH_MOST, f"at most {DEPTH_MOST} objects in each other")
        self.objects += 1
        slot = len(self._shared)
        if flag:
            self._shared.append(None)
        text: bytes | None = None
        if kind in NONE:
            return None
        if kind == ord("r"):
            number = reader.number(4)
            reader.check(number < slot, "a reference to what came before")
            return self._shared[number]
        if kind == ord("R"):
            number = reader.number(4)
            reader.check(number < len(self._interned), "a reference to a name that came before")
            return self._interned[number]
        if kind in FIXED:
            reader.take(FIXED[kind])
        elif kind in LONG_TEXTS or kind in SHORT_TEXTS:
            text = self._text(reader.number(4) if kind in LONG_TEXTS else reader.byte())
            if kind == ord("t") and self._version < (3, 0):
                self._interned.append(text)
        elif kind == ord(")") or kind in LONG_LISTS:
            count = reader.byte() if kind == ord(")") else reader.number(4)
            for _ in range(count):
                item = self._item(depth + 1, collect=None)
                if collect is not None and item is not None and len(collect) < NAMES_MOST:
                    collect.append(item)
        elif kind == ord("{"):
            while reader.peek(1) != b"0":
                self._item(depth + 1, collect=None)
                self._item(depth + 1, collect=None)
            reader.byte()
        elif kind == ord("l"):
            digits = abs(reader.signed(4))
            reader.skip(2 * digits)
            reader.reach(reader.at)
        elif kind in (ord("f"), ord("x")):
            for _ in range(1 + (kind == ord("x"))):
                reader.take(reader.byte())
        elif kind == ord(":"):
            for _ in range(3):
                self._item(depth + 1, collect=None)
        else:
            reader.check(kind == ord("c"), f"an object, found {kind:#x}")
            self._code(depth)
        if flag:
            self._shared[slot] = text
        return text

    def _text(self, size: int) -> bytes | None:
        reader = self._reader
        reader.check(size < 1 << 31, "a size below 2 GiB")
        if size <= TEXT_MOST:
            return reader.take(size)
        reader.skip(size)
        reader.reach(reader.at)
        return None

    def _code(self, depth: int) -> None:
        reader, version = self._reader, self._version
        self.codes += 1
        outermost = self.codes == 1
        numbers = 4
        if version >= (3, 0):
            numbers = 5  # keyword-only arguments
        if version >= (3, 8) and version < (3, 11):
            numbers = 6  # positional-only arguments
        reader.take(4 * numbers)
        names: list[bytes] = []
        before = reader.at
        self._item(depth + 1, collect=None)  # the code itself
        size = max(0, reader.at - before - 5)
        self._item(depth + 1, collect=None)  # constants
        self._item(depth + 1, collect=names if outermost else None)
        for _ in range(2 if version >= (3, 11) else 3):
            self._item(depth + 1, collect=None)
        file_name, name = self._item(depth + 1, collect=None), self._item(depth + 1, collect=None)
        if version >= (3, 11):
            self._item(depth + 1, collect=None)  # qualified name
        reader.take(4)
        for _ in range(2 if version >= (3, 11) else 1):
            self._item(depth + 1, collect=None)
        if outermost:
            self._told = Code(file_name, name, tuple(names), size)
