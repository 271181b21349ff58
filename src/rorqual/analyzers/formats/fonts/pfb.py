"""Type 1 fonts of PostScript in binary segments: 80, a kind, a length, data; until the kind that ends them.

Adobe Technical Note 5040. The encrypted part is not looked into.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

ASCII, BINARY, ENDS = 1, 2, 3
MOST = 128  # segments
CEILING = 1 << 28
HEAD = 4096
NAME = re.compile(rb"/FontName\s*/([!-.0-~]{1,100})")
VERSION = re.compile(rb"/version\s*\(([^)]{0,100})\)")
NOTICE = re.compile(rb"/Notice\s*\(([^)]{0,400})")


@frozen
class Type1Font:
    """A font; the finding spans its segments, or its text."""

    tag: ClassVar[str] = "type1_font"
    name: str | None
    version: str | None
    notice: str | None
    binary: bool
    segments: int


def type1(head: bytes, segments: int, *, binary: bool) -> Type1Font:
    """What the part in clear tells."""
    name, version, notice = (pattern.search(head) for pattern in (NAME, VERSION, NOTICE))
    return Type1Font(
        latin(name[1]) if name else None,
        latin(version[1]) if version else None,
        latin(notice[1]) if notice else None,
        binary,
        segments,
    )


class PFB:
    """Finds Type 1 fonts in segments anywhere."""

    name = "pfb"
    version = 1
    wakes_on = (Anchor(rb"\x80\x01[\x00-\xff]{3}\x00%!"),)

    def score(self, view: View, /) -> int:
        """The remark that begins a font."""
        return int(view.read(6, 14).startswith((b"%!PS-AdobeFont", b"%!FontType1")))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, at, count, binary, ended = hit.view, 0, 0, False, False
        for _ in range(MOST):
            head = view.read(at, 6)
            view.step()
            if len(head) >= 2 and head[:2] == bytes([0x80, ENDS]):
                at, ended = at + 2, True
                break
            size = int.from_bytes(head[2:], "little")
            if len(head) < 6 or head[0] != 0x80 or head[1] not in (ASCII, BINARY) or size > CEILING:
                break
            if size and not view.holds(at + 5 + size):
                break
            binary = binary or head[1] == BINARY
            at, count = at + 6 + size, count + 1
        if not count:
            raise Malformed(hit.offset, "a segment")
        yield hit.finding(0, at, type1(view.read(6, HEAD), count, binary=True))
        if binary and (ended or not view.holds(at)):
            yield Extent(0, at, "pfb", f"{count} segments up to the last")
