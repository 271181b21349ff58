"""Windows event logs up to 2003: a header of 48 bytes with "LfLe" at 4, records, and one that tells the end.

https://learn.microsoft.com/windows/win32/eventlog/event-log-file-format. A log has the size that its header allows, and
records wrap around; one that was copied out may end with its last record.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.stores import EVT
from rorqual.analyzers.formats.times import unix
from rorqual.sdk import Extent, Hit, Malformed, Room, Said, View, frozen

HEADER, END_RECORD, RECORD = 0x30, 0x28, 0x38
END_MARK = b"\x11\x11\x11\x11\x22\x22\x22\x22\x33\x33\x33\x33\x44\x44\x44\x44"
RECORDS_MOST = 1 << 18
DIRTY, WRAPPED, FULL = 1, 2, 4


@frozen
class OldEventLog:
    """A log. The finding spans it, as far as it is there."""

    tag: ClassVar[str] = "old_event_log"
    records: int  # walked
    oldest_record: int
    next_record: int
    first_written: str | None
    size_most: int  # that the header allows
    dirty: bool
    wrapped: bool
    full: bool


class Evt:
    """Finds event logs anywhere."""

    name = "evt"
    version = 1
    wakes_on = EVT

    def score(self, view: View, /) -> int:
        """Version 1.1, and the header's size again at its end."""
        return int(view.read(8, 8) == b"\1\0\0\0\1\0\0\0" and view.read(0x2C, 4) == b"\x30\0\0\0")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        start, end, following, oldest, most, flags = struct.unpack_from("<6I", view.exact(0, HEADER), 16)
        if not start >= HEADER or most % 65_536 or not most > HEADER:
            raise Malformed(hit.offset + 16, "offsets of records")
        at, records, written = start, 0, None
        wrapped = end < start
        while records < RECORDS_MOST:
            view.step()
            head = view.read(at, 16)
            size = int.from_bytes(head[:4], "little")
            if head[4:8] != b"LfLe" or size < RECORD or size & 3 or (wrapped and at + size > most):
                break
            written = written or unix(int.from_bytes(head[12:16], "little"))
            at += size
            records += 1
        tail = view.read(at, END_RECORD)
        ended = len(tail) == END_RECORD and tail[4:20] == END_MARK
        there = view.within(0, most)
        sound = ended or (wrapped and view.read(end, END_RECORD)[4:20] == END_MARK)
        body = OldEventLog(
            records=records,
            oldest_record=oldest,
            next_record=following,
            first_written=written,
            size_most=most,
            dirty=bool(flags & DIRTY),
            wrapped=bool(flags & WRAPPED) or wrapped,
            full=bool(flags & FULL),
        )
        whole = there == most
        last = most if whole else at + END_RECORD
        yield hit.finding(0, view.within(0, last), body)
        if not sound or (wrapped and not whole):
            return
        yield Extent(0, last, "evt", "records lead to the one that tells the end")
        if whole and not wrapped and told(view, at + END_RECORD, most - at - END_RECORD):
            yield hit.finding(at + END_RECORD, most - at - END_RECORD, Room("evt", "slack"))
