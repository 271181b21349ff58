"""Windows minidumps: "MDMP", a directory of streams; these lead to stacks, memory, names and records elsewhere.

https://learn.microsoft.com/windows/win32/api/minidumpapiset/. The end is that of the furthest that anything leads to.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.spans import gaps
from rorqual.analyzers.formats.stores import MINIDUMP
from rorqual.analyzers.formats.stores.minidump_streams import Places, walk
from rorqual.analyzers.formats.strings import printable
from rorqual.analyzers.formats.times import unix
from rorqual.sdk import Extent, Hit, Malformed, Room, Said, View, frozen

HEADER, ROW = 32, 12
STREAMS_MOST = 1024
ROOMS_MOST = 64
ALIGNMENT = 16
ARCHITECTURES = {0: "x86", 5: "arm", 6: "ia64", 9: "x86-64", 12: "arm64"}
NAMES = {
    3: "threads", 4: "modules", 5: "memory", 6: "exception", 7: "system", 8: "threads_extended", 9: "memory64",
    10: "comment", 11: "comment_wide", 12: "handles", 13: "functions", 14: "unloaded_modules", 15: "misc",
    16: "memory_info", 17: "thread_info", 18: "operations", 19: "tokens", 21: "system_memory", 22: "process_vm",
    24: "thread_names",
}  # fmt: skip


class Stream(NamedTuple):
    """A row of the directory."""

    type: int
    size: int
    at: int


@frozen
class Minidump:
    """A dump. The finding spans it, as far as it is there."""

    tag: ClassVar[str] = "minidump"
    made: str | None
    flags: int
    streams: tuple[str, ...]
    architecture: str | None
    system: str | None  # "10.0.19041"
    threads: int
    modules: tuple[str, ...]  # the first 64
    module_count: int
    memory_size: int  # bytes of the process's memory
    exception: str | None  # its code
    exception_address: int | None
    comment: str | None


@dataclass(slots=True)
class _Facts:
    """What the streams tell."""

    comment: str | None = None
    rooms: list[tuple[int, int, str]] = field(default_factory=list)


class MinidumpProbe:
    """Finds minidumps anywhere."""

    name = "minidump"
    version = 1
    wakes_on = MINIDUMP

    def score(self, view: View, /) -> int:
        """A directory of few streams behind the header."""
        head = view.read(8, 8)
        count, at = struct.unpack("<2I", head) if len(head) == 8 else (0, 0)
        return int(0 < count <= STREAMS_MOST and HEADER <= at < 1 << 31)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        count, at, _, stamp, flags = struct.unpack_from("<4IQ", view.exact(0, HEADER), 8)
        if not 0 < count <= STREAMS_MOST:
            raise Malformed(hit.offset + 8, "streams")
        rows = [Stream(*row) for row in struct.iter_unpack("<3I", view.exact(at, count * ROW))]
        rows = [row for row in rows if row.type and row.size]
        if not rows or any(row.at < HEADER for row in rows):
            raise Malformed(hit.offset + at, "streams behind the header")
        places = Places(view)
        places.add(0, HEADER)
        places.add(at, count * ROW)
        facts = _Facts()
        for row in rows:
            places.add(row.at, row.size)
            if row.type in (10, 11):
                raw = view.read(row.at, min(row.size, 1024))
                text = raw.decode("utf-16-le", "replace").strip("\0") if row.type == 11 else printable(raw.strip(b"\0"))
                facts.comment = text if text.isprintable() else printable(raw)
                facts.rooms.append((row.at, row.size, "comment"))
            elif row.type > 0xFFFF:
                facts.rooms.append((row.at, row.size, "private"))
            else:
                walk(view, row.type, row.at, row.size, places)
        end = places.end
        present = view.within(0, end)
        body = Minidump(
            made=unix(stamp),
            flags=flags,
            streams=tuple(NAMES.get(row.type, f"{row.type:#x}") for row in rows[:64]),
            architecture=ARCHITECTURES.get(places.architecture) if places.architecture is not None else None,
            system=places.system,
            threads=places.threads,
            modules=tuple(places.modules),
            module_count=places.module_count,
            memory_size=places.memory,
            exception=f"{places.exception[0]:#010x}" if places.exception else None,
            exception_address=places.exception[1] if places.exception else None,
            comment=facts.comment,
        )
        yield hit.finding(0, present, body)
        if present < end:
            return
        yield Extent(0, end, "minidump", "all streams and what they lead to lie in it")
        for start, size, use in facts.rooms[:ROOMS_MOST]:
            if told(view, start, size):
                yield hit.finding(start, size, Room("minidump", use))
        if places.complete:
            unused = [(start, stop) for start, stop in gaps(places.spans, 0, end) if stop - start >= ALIGNMENT]
            for start, stop in unused[:ROOMS_MOST]:
                if told(view, start, stop - start):
                    yield hit.finding(start, stop - start, Room("minidump", "unused"))
