"""Windows event logs since Vista: "ElfFile", a header of 4096 bytes with a CRC-32, then chunks of 64 KiB ("ElfChnk").

https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc. The binary XML
of events is not read.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.stores import EVTX
from rorqual.analyzers.formats.times import filetime
from rorqual.sdk import Anomaly, Extent, Hit, Malformed, Room, Said, View, frozen

BLOCK, CHUNK = 4096, 65_536
HEADER = 128
CHUNK_HEADER, RECORD = 512, 24
CHUNKS_MOST = 1 << 16
ROOMS_MOST = 64
DIRTY, FULL = 1, 2


@frozen
class EventLog:
    """A log. The finding spans header and chunks."""

    tag: ClassVar[str] = "event_log"
    version: str
    chunks: int  # that are there
    chunks_told: int  # in the header
    next_record: int
    first_record: int | None  # numbers in the first and last chunk there is
    last_record: int | None
    first_written: str | None
    last_written: str | None
    dirty: bool  # not closed
    full: bool
    checksum_holds: bool  # of the header
    chunks_damaged: int  # whose header's CRC-32 does not hold, or that are no chunks


class Evtx:
    """Finds event logs anywhere."""

    name = "evtx"
    version = 1
    wakes_on = EVTX

    def score(self, view: View, /) -> int:
        """The sizes that never change."""
        return int(view.read(32, 4) == b"\x80\0\0\0" and view.read(40, 2) == b"\0\x10")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        next_record, _, minor, major, _, count = struct.unpack_from("<QI4H", head, 24)
        flags, stored = struct.unpack_from("<2I", head, 120)
        sums = zlib.crc32(head[:120]) == stored
        at, chunks, damaged = BLOCK, 0, 0
        rooms: list[tuple[int, int]] = []
        first: tuple[int, str | None] | None = None
        last: tuple[int, str | None] | None = None
        while chunks < CHUNKS_MOST:
            view.step()
            data = view.read(at, CHUNK_HEADER + RECORD)
            told_of = chunks < count
            if len(data) < CHUNK_HEADER or not (data.startswith(b"ElfChnk\0") or told_of):
                break
            if not view.holds(at + CHUNK - 1):
                break
            if data.startswith(b"ElfChnk\0"):
                sound = zlib.crc32(data[128:512], zlib.crc32(data[:120])) == int.from_bytes(data[124:128], "little")
                damaged += not sound
                numbers = struct.unpack_from("<4Q4I", data, 8)
                first = first or (numbers[2], _written(data[CHUNK_HEADER:]))
                last = numbers[3], _written(view.read(at + numbers[5], RECORD))
                if numbers[6] <= CHUNK and len(rooms) < ROOMS_MOST:
                    rooms.append((at + numbers[6], CHUNK - numbers[6]))
            else:
                damaged += any(data)
                rooms.append((at, CHUNK))
            at, chunks = at + CHUNK, chunks + 1
        if not sums and (not chunks or damaged == chunks):
            raise Malformed(hit.offset + 124, "a checksum that holds")
        body = EventLog(
            version=f"{major}.{minor}",
            chunks=chunks,
            chunks_told=count,
            next_record=next_record,
            first_record=first[0] if first else None,
            last_record=last[0] if last else None,
            first_written=first[1] if first else None,
            last_written=last[1] if last else None,
            dirty=bool(flags & DIRTY),
            full=bool(flags & FULL),
            checksum_holds=sums,
            chunks_damaged=damaged,
        )
        yield hit.finding(0, view.within(0, at), body)
        if not sums:
            yield hit.finding(124, 4, Anomaly("event_log_checksum_wrong", f"stored {stored:#010x}"))
        if chunks < count or not view.holds(BLOCK - 1):
            return
        yield Extent(0, at, "evtx", "CRC-32 of the header, chunks to the end" if sums else "chunks whose CRC-32 hold")
        if told(view, HEADER, BLOCK - HEADER):
            yield hit.finding(HEADER, BLOCK - HEADER, Room("evtx", "padding"))
        for start, size in rooms:
            if told(view, start, size):
                yield hit.finding(start, size, Room("evtx", "slack"))


def _written(record: bytes) -> str | None:
    if len(record) < RECORD or record[:4] != b"\x2a\x2a\0\0":
        return None
    return filetime(int.from_bytes(record[16:24], "little"))
