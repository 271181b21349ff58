"""The functions of compiled Lua chunks, walked to where the outermost ends.

https://www.lua.org/source/: lundump.c and ldump.c of 5.1 to 5.4. A function has a few numbers, instructions, constants,
the functions in it, and tables for debugging; how they are stored is another in each release.
"""

from rorqual.analyzers.formats.reader import Reader

DEPTH_MOST = 100  # functions in each other; the compiler allows 200 levels of syntax
SOURCE_MOST = 4096
COUNT_MOST = 1 << 28
TAIL = b"\x19\x93\r\n\x1a\n"


class Chunk:
    """A chunk, walked to its end, which is `reader.at`.

    Raises:
        Malformed: it is none.
        Cut: it goes on behind the end of the source.
    """

    def __init__(self, reader: Reader, version: int) -> None:
        self._reader = reader
        self._version = version
        self.functions = 0
        self.strings = 0
        self.source: bytes | None = None
        self.stripped = True
        reader.take(5)
        reader.check(reader.byte() == 0, "the official format")
        if version <= 0x52:
            self._header_51(version)
        else:
            self._header_53(version)
        self._function(0)

    def _header_51(self, version: int) -> None:
        reader = self._reader
        little, self.int, self.size_t, self.instruction, self.number, integral = reader.take(6)
        reader.check(little in (0, 1) and integral in (0, 1), "an order of bytes")
        reader.big = not little
        self.integer = 0
        self._sizes()
        if version == 0x52:
            reader.check(reader.take(6) == TAIL, "the bytes that transfer errors change")

    def _header_53(self, version: int) -> None:
        reader = self._reader
        reader.check(reader.take(6) == TAIL, "the bytes that transfer errors change")
        if version == 0x53:
            self.int, self.size_t, self.instruction, self.integer, self.number = reader.take(5)
        else:
            self.instruction, self.integer, self.number = reader.take(3)
            self.int = self.size_t = 4
        self._sizes()
        check = reader.take(self.integer)
        reader.big = check[0] == 0
        reader.check(int.from_bytes(check, "big" if reader.big else "little") == 0x5678, "the integer 0x5678")
        reader.skip(self.number)
        reader.byte()  # upvalues of the main function

    def _sizes(self) -> None:
        sizes = (self.int, self.size_t, self.instruction, self.number)
        self._reader.check(
            all(size in (2, 4, 8, 16) for size in sizes) and self.integer in (0, 2, 4, 8), "sizes of numbers"
        )

    def _count(self) -> int:
        reader = self._reader
        value = self._varint() if self._version == 0x54 else reader.number(self.int)
        reader.check(value < COUNT_MOST, "a believable number of entries")
        return value

    def _varint(self) -> int:
        """Seven bits a byte, the highest first; the last byte is marked."""
        reader, value = self._reader, 0
        for _ in range(10):
            byte = reader.byte()
            value = value << 7 | byte & 0x7F
            if byte & 0x80:
                return value
        reader.check(False, "a number of at most ten bytes")
        return 0

    def _string(self, most: int = 0) -> bytes:
        """Passes over a string and gives what `most` wants of it."""
        reader, version = self._reader, self._version
        if version == 0x54:
            size = self._varint()
        elif version == 0x53:
            size = reader.byte()
            size = reader.number(self.size_t) if size == 0xFF else size
        else:
            size = reader.number(self.size_t)
        if size == 0:
            return b""
        size -= version >= 0x53  # a terminating zero is counted, and stored up to 5.2
        reader.check(size < COUNT_MOST, "a believable size of a string")
        self.strings += 1
        data = reader.peek(min(most, size)) if most else b""
        reader.skip(size)
        return data.rstrip(b"\0")

    def _skip(self, width: int) -> None:
        reader = self._reader
        count = self._count()
        reader.skip(width * count)
        if width * count > 4096:
            reader.reach(reader.at)

    def _function(self, depth: int) -> None:
        reader, version = self._reader, self._version
        reader.check(depth < DEPTH_MOST, f"at most {DEPTH_MOST} functions in each other")
        self.functions += 1
        if version != 0x52:
            self._source(self._string(SOURCE_MOST), depth)
        for _ in range(2):  # lines where it is defined
            if version == 0x54:
                self._varint()
            else:
                reader.number(self.int)
        parameters = reader.take(4 if version == 0x51 else 3)
        reader.check(parameters[-2] < 8 and parameters[-1] > 0, "a stack of a function")
        count = self._count()
        reader.check(count > 0, "instructions")
        reader.skip(self.instruction * count)
        reader.reach(reader.at)
        self._constants()
        if version >= 0x53:
            self._skip(3 if version == 0x54 else 2)  # upvalues
        for _ in range(self._count()):
            self._function(depth + 1)
        if version == 0x52:
            self._skip(2)
            self._source(self._string(SOURCE_MOST), depth)
        self._debugging()

    def _source(self, source: bytes, depth: int) -> None:
        if depth == 0 and source:
            self.source, self.stripped = source, False

    def _constants(self) -> None:
        reader, version = self._reader, self._version
        for _ in range(self._count()):
            kind = reader.byte()
            if kind == 0:
                continue
            if version == 0x54:
                if kind in (1, 0x11):
                    continue
                width = {3: self.integer, 0x13: self.number}.get(kind)
            else:
                width = {1: 1, 3: self.number, 0x13: self.integer or None}.get(kind)
            if width is not None:
                reader.take(width)
            else:
                reader.check(kind == 4 or (version >= 0x53 and kind == 0x14), f"a constant, found {kind:#x}")
                self._string()

    def _debugging(self) -> None:
        reader, version = self._reader, self._version
        self._skip(1 if version == 0x54 else self.int)  # lines of instructions
        if version == 0x54:
            for _ in range(self._count()):
                self._varint()
                self._varint()
        for _ in range(self._count()):  # local variables
            self._string()
            if version == 0x54:
                self._varint()
                self._varint()
            else:
                reader.take(2 * self.int)
        for _ in range(self._count()):  # names of upvalues
            self._string()
