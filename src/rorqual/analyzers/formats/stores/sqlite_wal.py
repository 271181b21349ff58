"""What SQLite writes beside a database: the write-ahead log, a header of 32 bytes and a frame for each page, and the
rollback journal, which is no more than told of.

https://www.sqlite.org/fileformat.html, sections 3 and 4. The header's checksum and the salts of the frames prove a log;
frames that an earlier round left behind belong to the file.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.stores import SQLITE_WAL
from rorqual.sdk import Extent, Hit, Malformed, Room, Said, View, frozen

HEADER, FRAME = 32, 24
FRAMES_MOST = 1 << 20
ROUNDS_MOST = 1 << 16  # the first salt grows by one each round
JOURNAL = b"\xd9\xd5\x05\xf9"
JOURNAL_HEADER = 28


@frozen
class SQLiteLog:
    """A log of changes of a database."""

    tag: ClassVar[str] = "sqlite_log"
    kind: str  # "write-ahead log", "rollback journal"
    page_size: int
    frames: int | None  # of this round; None: not told
    stale_frames: int | None  # of rounds before
    database_pages: int | None  # after the last change, or before the first


class SQLiteWAL:
    """Finds write-ahead logs and rollback journals anywhere."""

    name = "sqlitewal"
    version = 1
    wakes_on = SQLITE_WAL

    def score(self, view: View, /) -> int:
        """A page size there is."""
        head = view.read(0, 28)
        if len(head) < 28:
            return 0
        page = int.from_bytes(head[24:28] if head[:4] == JOURNAL else head[8:12], "big")
        return int(512 <= page <= 65_536 and page.bit_count() == 1)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        if head[:4] == JOURNAL:
            _, count, _, pages, _, page = struct.unpack_from(">8s5I", head)
            body = SQLiteLog("rollback journal", page, None if count == 0xFFFFFFFF else count, None, pages)
            yield hit.finding(0, JOURNAL_HEADER, body)
            return
        page = int.from_bytes(head[8:12], "big")
        order = ">" if head[3] & 1 else "<"
        if _sum(head[:24], order) != struct.unpack(">2I", head[24:]):
            raise Malformed(hit.offset + 24, "the checksum of the header")
        salt, salts = int.from_bytes(head[16:20], "big"), head[16:24]
        frames = stale = pages = 0
        cut = False
        at = HEADER
        while frames + stale < FRAMES_MOST:
            view.step()
            frame = view.read(at, FRAME)
            if len(frame) < FRAME or not any(frame[:4]):
                break
            current = frame[8:16] == salts and not stale
            if not current and not 0 < salt - int.from_bytes(frame[8:12], "big") < ROUNDS_MOST:
                break
            if not view.holds(at + FRAME + page - 1):
                cut = True
                break
            if current:
                frames += 1
                pages = int.from_bytes(frame[4:8], "big") or pages
            else:
                stale += 1
            at += FRAME + page
        yield hit.finding(0, at, SQLiteLog("write-ahead log", page, frames, stale, pages or None))
        if cut:
            return
        yield Extent(0, at, "sqlitewal", "checksum of the header, salts of the frames")
        size = stale * (FRAME + page)
        if stale and told(view, at - size, size):
            yield hit.finding(at - size, size, Room("sqlitewal", "slack"))


def _sum(data: bytes, order: str) -> tuple[int, int]:
    """Section 4.2."""
    first = second = 0
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for index in range(0, len(words), 2):
        first = first + words[index] + second & 0xFFFFFFFF
        second = second + words[index + 1] + first & 0xFFFFFFFF
    return first, second
