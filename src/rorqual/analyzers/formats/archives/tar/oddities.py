"""What is odd about a member: where its name leads, and what stands where readers do not look."""

from collections.abc import Iterator, Set

from rorqual.analyzers.formats.archives.notes import Notes, climbs
from rorqual.analyzers.formats.archives.tar.headers import BLOCK, TYPES, Header
from rorqual.analyzers.formats.archives.zip.records import text
from rorqual.sdk import Said

NAME_SHOWN = 512
UNUSED = {"v7": 345, "ustar": 500, "gnu": 495}  # where a header's fields have ended


def oddities(found: Header, where: int, notes: Notes, *, name: bytes, link: bytes, links: Set[bytes]) -> Iterator[Said]:
    """Of the member whose header is at an offset in the source; `links` are the symbolic links before it."""
    shown = text(name, 0, NAME_SHOWN)
    if climbs(name):
        yield from notes.anomaly(where, BLOCK, "path_traversal", shown)
    if links and any(one in links for one in _parents(name)):
        yield from notes.anomaly(where, BLOCK, "path_through_link", shown)
    if found.type == b"1" and climbs(link):
        yield from notes.anomaly(where, BLOCK, "link_traversal", f"{shown} -> {text(link, 0, NAME_SHOWN)}")
    if found.type not in TYPES:
        yield from notes.anomaly(where + 156, 1, "unknown_type", f"{shown}: {found.type!r}")
    raw = found.raw
    if any(byte < 0x20 for byte in found.name) or not found.name:
        yield from notes.room(where, raw[:100], "nameless")
    for start, end in ((0, 100), (157, 257)):
        behind = raw[start:end].partition(b"\0")[2]
        yield from notes.room(where + end - len(behind), behind, "padding")
    behind = raw[UNUSED.get(found.variant, BLOCK) :]
    yield from notes.room(where + BLOCK - len(behind), behind, "padding")


def _parents(name: bytes) -> Iterator[bytes]:
    """The folders that a path goes through, at most a few dozen."""
    place = name.find(b"/", 1)
    for _ in range(64):
        if place < 0 or place == len(name) - 1:
            return
        yield name[:place]
        place = name.find(b"/", place + 1)
