"""tar archives, found by the magic of any of their headers, or the numbers of one without; the first tells of all."""

from collections.abc import Iterator

from rorqual.analyzers.formats.archives.chains import MOST, NEAR, follows
from rorqual.analyzers.formats.archives.tar.archive import Archive
from rorqual.analyzers.formats.archives.tar.headers import (
    BLOCK,
    MAGIC,
    MAGIC_AT,
    ZEROS,
    Header,
    checked,
    header,
    member_size,
)
from rorqual.sdk import Anchor, Hit, Malformed, Said, View

USTAR = rb"ustar(?:\x00[0-9 \x00][0-9 \x00]|  \x00)"
_COMMON = rb"(?:644|755|664|775|600|700|444|555|640|750|666|777)"  # modes
V7 = rb"0000" + _COMMON + rb"\x00[0-7]{7}\x00[0-7]{7}\x00[0-7]{11}[\x00 ][0-7]{11}[\x00 ][0-7]{6}\x00 "
OLDER = rb"(?:   |100|000)" + _COMMON + rb" \x00[0-7 ]{6} \x00[0-7 ]{6} \x00[0-7 ]{11} [0-7 ]{11} [0-7 ]{6}[\x00 ]"


class Tar:
    """Finds tar archives anywhere."""

    name = "tar"
    version = 1
    wakes_on = (
        Anchor(USTAR, back=MAGIC_AT),
        Anchor(V7, back=100),
        Anchor(OLDER, back=100),
    )

    def score(self, view: View, /) -> int:
        """The checksum must hold, and the header not follow a small member."""
        raw = view.read(0, BLOCK)
        if not checked(raw) or follows(view, MAGIC, MAGIC_AT, BLOCK, member_size, most=NEAR):
            return 0
        return 1 if view.offset else 2

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        first = header(view.exact(0, BLOCK))
        if first is None:
            raise Malformed(hit.offset + 148, "a checksum that holds")
        if hit.offset and self._later(view, first):
            return
        yield from Archive(hit, view, 0).told()

    def _later(self, view: View, first: Header) -> bool:
        """Whether the header is one of an archive that begins before it."""
        if first.variant == "v7":
            return follows(view, first.raw[108:124], 108, BLOCK, member_size)
        if follows(view, MAGIC, MAGIC_AT, BLOCK, member_size):
            return True
        if view.offset % BLOCK or view.offset <= MOST:
            return False
        whole = view.sub(-view.offset)
        return header(whole.read(0, BLOCK)) is not None and whole.read(view.offset - BLOCK, BLOCK) != ZEROS
