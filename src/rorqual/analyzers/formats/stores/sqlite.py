"""SQLite 3 databases: a header of 100 bytes, then pages of one size, some of which are free.

https://www.sqlite.org/fileformat.html. Rows are not read, but those of the schema. Write-ahead logs have a probe of
their own; encrypted databases have no header and are not handled.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.stores import SQLITE
from rorqual.analyzers.formats.stores.sqlite_pages import HEADER, Pages
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Anomaly, Extent, Hit, Malformed, Room, Said, View, frozen

PAGE_SIZES = (1, *(1 << shift for shift in range(9, 16)))  # 1 stands for 65,536
TABLES = (0x05, 0x0D)  # page 1 is the root of the schema: an inner or a leaf page of a table
ENCODINGS = {1: "utf-8", 2: "utf-16-le", 3: "utf-16-be"}
SOURCE_MOST = 1 << 44  # bytes that are looked at for the end where the header does not count pages
NAMES_TOLD = 64
ROOMS_MOST = 256
SLACK_MOST = 64  # pages whose slack is looked at


@frozen
class SQLiteDatabase:
    """A database. The finding has its whole size, as far as it is there."""

    tag: ClassVar[str] = "sqlite_database"
    page_size: int
    pages: int
    encoding: str | None
    write_ahead: bool  # written by way of a log beside it
    changes: int  # counter
    user_version: int
    application_id: int
    written_by: str | None  # "3.40.1"
    free_pages: int
    tables: tuple[str, ...]  # names, the first 64
    objects: int  # tables, indices, views and triggers; at most 256 are counted


class SQLite:
    """Finds SQLite 3 databases anywhere."""

    name = "sqlite"
    version = 1
    wakes_on = SQLITE

    def score(self, view: View, /) -> int:
        """A page size that exists, and the fractions that never change."""
        head = view.read(16, 8)
        return int(int.from_bytes(head[:2], "big") in PAGE_SIZES and head[5:8] == b"\x40\x20\x20")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER + 8)

        def number(at: int) -> int:
            return int.from_bytes(head[at : at + 4], "big")

        page = int.from_bytes(head[16:18], "big")
        page = 65_536 if page == 1 else page
        encoding = ENCODINGS.get(number(56))
        if (page not in PAGE_SIZES and page != 65_536) or head[HEADER] not in TABLES or number(56) > 3:
            raise Malformed(hit.offset + HEADER, "a table's page")
        count = number(28)
        if not count or head[24:28] != head[92:96]:  # section 1.3.7: then the count is not to be trusted
            there = view.within(0, SOURCE_MOST) if hit.offset == 0 else 0
            count = there // page if there % page == 0 else 0
        if not count:
            raise Malformed(hit.offset + 28, "a valid count of pages")
        size = count * page
        present = view.within(0, size)
        pages = Pages(view, page, count, encoding or "utf-8")
        leaves, free, counted = pages.free() if present == size else ([], number(36), True)
        objects = pages.schema() if present >= page else []
        tables = tuple(printable(one.name.encode("utf-8")) for one in objects if one.type == "table")
        build = number(96)
        yield hit.finding(
            0,
            present,
            SQLiteDatabase(
                page_size=page,
                pages=count,
                encoding=encoding,
                write_ahead=head[18] == 2,
                changes=number(24),
                user_version=number(60),
                application_id=number(68),
                written_by=f"{build // 1_000_000}.{build // 1000 % 1000}.{build % 1000}" if build else None,
                free_pages=free,
                tables=tables[:NAMES_TOLD],
                objects=len(objects),
            ),
        )
        if present < size:
            return
        yield Extent(0, size, "sqlite", "header, schema and free pages agree", "start")
        if not counted:
            yield hit.finding(32, 8, Anomaly("sqlite_free_pages", f"{number(36)} in the header, {free} in the list"))
        yield from _rooms(hit, pages, leaves, [1, *(one.root for one in objects if 0 < one.root <= count)])


def _rooms(hit: Hit, pages: Pages, leaves: list[int], roots: list[int]) -> Iterator[Said]:
    rooms = 0
    for first, last in _runs(sorted({leaf for leaf in leaves if 0 < leaf <= pages.count})):
        at, size = pages.place(first), (last - first + 1) * pages.size
        if rooms < ROOMS_MOST and told(hit.view, at, size):
            yield hit.finding(at, size, Room("sqlite", "unused"))
            rooms += 1
    for number in list(dict.fromkeys(roots))[:SLACK_MOST]:
        at, size = pages.slack(number)
        if told(hit.view, at, size):
            yield hit.finding(at, size, Room("sqlite", "slack"))


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of those that follow each other."""
    start = None
    for index, number in enumerate(numbers):
        start = number if start is None else start
        if index + 1 == len(numbers) or numbers[index + 1] != number + 1:
            yield start, number
            start = None
