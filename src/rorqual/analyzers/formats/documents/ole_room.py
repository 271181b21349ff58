"""Where in a compound file something may lie that no stream has: slack, sectors of no chain."""

from collections.abc import Iterator

from rorqual.analyzers.formats.documents.ole_container import FREE, HEADER, MINI, Container
from rorqual.analyzers.formats.documents.ole_directory import STREAM, Entry
from rorqual.analyzers.formats.documents.scanner import busy
from rorqual.sdk import Finding, Hit, Room

LEAST = 8  # bytes
MOST_ROOMS = 256


def rooms(hit: Hit, made: Container, all_entries: list[Entry], end: int) -> Iterator[Finding]:
    """At most MOST_ROOMS of them."""
    left = MOST_ROOMS
    for at, size, use in _places(made, all_entries, end):
        if size >= LEAST and at + size <= end and busy(made.view, at, size):
            yield hit.finding(at, size, Room("ole", use))
            left -= 1
            if not left:
                return


def _places(made: Container, all_entries: list[Entry], end: int) -> Iterator[tuple[int, int, str]]:
    if made.shift > 9:
        yield HEADER, made.sector - HEADER, "padding"
    start = None
    for sector in range(min(len(made.taken), (end >> made.shift) - 1) + 1):
        lonely = sector < len(made.taken) and made.place(sector) < end and not made.taken[sector]
        if lonely and start is None:
            start = sector
        elif not lonely and start is not None:
            yield made.place(start), min(end, made.place(sector)) - made.place(start), "unused"
            start = None
    for one in all_entries:
        if one.kind != STREAM or not one.runs:
            continue
        last, size = one.runs[-1]
        grain = MINI if one.size < made.cutoff and made.mini_runs else made.sector
        yield last + size, -size % grain, "slack"


def last_sector(made: Container) -> int:
    """The last sector that is in use, by the table or by a chain."""
    sector = len(made.fat) - 1
    while sector >= 0 and made.fat[sector] == FREE and not made.taken[sector]:
        sector -= 1
    return sector
