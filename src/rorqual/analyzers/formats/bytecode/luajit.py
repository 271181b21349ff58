"""LuaJIT's bytecode: ESC "LJ", a version, flags, a name, and prototypes, each as long as it says; a zero ends them.

https://github.com/LuaJIT/LuaJIT/blob/v2.1/src/lj_bcdump.h. Instructions and constants are not read.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.bytecode import LUAJIT
from rorqual.analyzers.formats.reader import Cut, Reader
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Extent, Hit, Malformed, Said, View, frozen

NAME_MOST = 4096
TOLD_MOST = 512
FUNCTIONS_MOST = 1 << 20
BIG, STRIP, FFI, FR2 = 1, 2, 4, 8
INSTRUCTION = 4


@frozen
class LuaJITChunk:
    """A chunk of LuaJIT's bytecode."""

    tag: ClassVar[str] = "luajit_chunk"
    bytecode_version: int  # 1: LuaJIT 2.0, 2: 2.1
    big_endian: bool
    stripped: bool
    ffi: bool  # uses the foreign function interface
    source: str | None
    functions: int
    instructions: int
    cut: bool


class LuaJIT:
    """Finds LuaJIT's bytecode anywhere."""

    name = "luajit"
    version = 1
    wakes_on = LUAJIT

    def score(self, view: View, /) -> int:
        """The flags there are."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        reader = Reader(hit.view, 3)
        version, flags = reader.byte(), reader.leb()
        source = None
        functions = instructions = 0
        cut = False
        try:
            if not flags & STRIP:
                size = reader.leb()
                reader.check(0 < size <= NAME_MOST, "a name of the chunk")
                source = printable(reader.take(size)[:TOLD_MOST])
            while size := reader.leb():
                reader.check(functions < FUNCTIONS_MOST, f"at most {FUNCTIONS_MOST} functions")
                instructions += _prototype(reader, reader.at + size, stripped=bool(flags & STRIP))
                functions += 1
        except Cut:
            cut = True
        if not functions:
            raise Malformed(hit.offset + 5, "a function")
        body = LuaJITChunk(
            bytecode_version=version,
            big_endian=bool(flags & BIG),
            stripped=bool(flags & STRIP),
            ffi=bool(flags & FFI),
            source=source,
            functions=functions,
            instructions=instructions,
            cut=cut,
        )
        yield hit.finding(0, hit.view.within(0, reader.at), body)
        if not cut:
            yield Extent(0, reader.at, "luajit", "prototypes up to the zero that ends them")


def _prototype(reader: Reader, end: int, *, stripped: bool) -> int:
    """Passes over a function; gives how many instructions it has."""
    head = reader.take(4)  # flags, parameters, frame, upvalues
    objects, numbers, count = reader.leb(), reader.leb(), reader.leb()
    debugging = reader.leb() if not stripped else 0
    if debugging:
        reader.leb()
        reader.leb()
    least = INSTRUCTION * count + 2 * head[3] + objects + numbers + debugging
    reader.check(reader.at + least <= end, "a prototype that has room for its parts")
    reader.reach(end)
    reader.at = end
    return count
