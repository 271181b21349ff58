"""Windows memory dumps: "PAGEDUMP" (32 bits) or "PAGEDU64", a header of one or two pages, then memory.

https://github.com/volatilityfoundation/volatility3/tree/develop/volatility3/framework/symbols/windows/crash and
https://learn.microsoft.com/windows-hardware/drivers/debugger/. The header tells the size; memory is not read.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.stores import MEMDUMP
from rorqual.analyzers.formats.strings import printable
from rorqual.analyzers.formats.times import filetime
from rorqual.sdk import Extent, Hit, Malformed, Said, View, frozen

PAGE = 4096
KINDS = {1: "full", 2: "kernel", 3: "header", 4: "triage", 5: "bitmap_full", 6: "bitmap_kernel", 7: "automatic"}
MACHINES = {0x14C: "x86", 0x8664: "x86-64", 0xAA64: "arm64", 0x1C4: "arm"}
RUNS_MOST = 42


@frozen
class MemoryDump:
    """A dump. The finding spans it, as far as it is there."""

    tag: ClassVar[str] = "memory_dump"
    bits: int
    kind: str
    build: int  # of Windows
    machine: str
    processors: int
    bug_check: int
    made: str | None
    comment: str | None
    size: int | None  # as the header gives it


class CrashDump:
    """Finds memory dumps anywhere."""

    name = "memdump"
    version = 1
    wakes_on = MEMDUMP

    def score(self, view: View, /) -> int:
        """A machine there is."""
        at = 48 if view.read(4, 4) == b"DU64" else 32
        return int(int.from_bytes(view.read(at, 4), "little") in MACHINES)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        wide = view.exact(4, 4) == b"DU64"
        head = view.exact(0, 2 * PAGE if wide else PAGE)
        build, machine = (int.from_bytes(head[at : at + 4], "little") for at in ((12, 48) if wide else (12, 32)))
        processors = int.from_bytes(head[52:56] if wide else head[36:40], "little")
        check = int.from_bytes(head[56:60] if wide else head[40:44], "little")
        kind = int.from_bytes(head[0xF98:0xF9C] if wide else head[0xF88:0xF8C], "little")
        needed = int.from_bytes(head[0xFA0:0xFA8], "little")
        stamp = int.from_bytes(head[0xFA8:0xFB0] if wide else head[0xFC0:0xFC8], "little")
        if kind not in KINDS or machine not in MACHINES or not 0 < processors <= 4096:
            raise Malformed(hit.offset, "a kind of dump, a machine and processors")
        size = _runs(head, wide=wide) if kind == 1 else needed
        if size is not None and not len(head) <= size < 1 << 48:
            size = None
        present = view.within(0, size) if size is not None else len(head)
        comment = head[0xFB0:0x1030] if wide else head[0x860:0x8E0]
        body = MemoryDump(
            bits=64 if wide else 32,
            kind=KINDS[kind],
            build=build,
            machine=MACHINES[machine],
            processors=processors,
            bug_check=check,
            made=filetime(stamp),
            comment=printable(comment.partition(b"\0")[0]) if not comment.startswith(b"PAGE") else None,
            size=size,
        )
        yield hit.finding(0, present, body)
        if size is not None and present == size:
            yield Extent(0, size, "memdump", "header and size agree")


def _runs(head: bytes, *, wide: bool) -> int | None:
    """The size of a full dump: the pages of all runs of memory, behind the header."""
    at = 0x88 if wide else 0x64
    count = int.from_bytes(head[at : at + 4], "little")
    pages = struct.unpack_from("<Q" if wide else "<I", head, at + (8 if wide else 4))[0]
    if not 0 < count <= RUNS_MOST:
        return None
    form = struct.Struct("<2Q" if wide else "<2I")
    runs = [form.unpack_from(head, at + (16 if wide else 8) + form.size * index) for index in range(count)]
    if sum(run[1] for run in runs) != pages:
        return None
    return len(head) + int(pages) * PAGE
