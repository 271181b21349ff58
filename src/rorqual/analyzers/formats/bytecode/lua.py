"""Compiled Lua: ESC "Lua", a version, sizes of numbers, and a function that has all others in it.

https://www.lua.org/source/: what luac of 5.1 to 5.4 writes, on machines of either order of bytes. 5.0 and 5.5 and
dialects with another format number are not handled, nor are instructions read.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.bytecode import LUA
from rorqual.analyzers.formats.bytecode.lua_chunk import Chunk
from rorqual.analyzers.formats.reader import Cut, Reader
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Extent, Hit, Said, View, frozen

NAME_MOST = 512


@frozen
class LuaChunk:
    """A compiled chunk. The finding spans it, or its first 12 bytes where its end is missing."""

    tag: ClassVar[str] = "lua_chunk"
    version: str  # "5.4"
    big_endian: bool | None
    source: str | None  # "@file.lua", or the text itself behind "="
    functions: int
    strings: int
    stripped: bool | None  # of what debuggers need
    cut: bool


class Lua:
    """Finds compiled Lua anywhere."""

    name = "luac"
    version = 1
    wakes_on = LUA

    def score(self, view: View, /) -> int:
        """The official format, and an order of bytes or the bytes that follow it."""
        head = view.read(4, 3)
        return int(len(head) == 3 and head[1] == 0 and (head[2] in (0, 1) if head[0] <= 0x52 else head[2] == 0x19))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        number = hit.view.exact(4, 1)[0]
        version = f"{number >> 4}.{number & 15}"
        reader = Reader(hit.view)
        try:
            chunk = Chunk(reader, number)
            reader.reach(reader.at)
        except Cut:
            yield hit.finding(0, hit.view.within(0, 12), LuaChunk(version, None, None, 0, 0, None, cut=True))
            return
        source = None if chunk.source is None else printable(chunk.source[:NAME_MOST])
        body = LuaChunk(version, reader.big, source, chunk.functions, chunk.strings, chunk.stripped, cut=False)
        yield hit.finding(0, reader.at, body)
        yield Extent(0, reader.at, "luac", "the functions parse to the end of the outermost")
