"""JavaScript that is a picture or a sound as well: a magic number that is a name to it, a comment, then code.

"GIF89a/*" … "*/=1;alert(1)": what the comment spans is whatever the other format needs
(https://tc39.es/ecma262/#sec-comments). Plain scripts begin with nothing that could be told by, and are left to others.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.documents.markup import first_binary, plain
from rorqual.analyzers.formats.documents.scanner import Scanner
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Room, Said, View, frozen

MOST = 16 << 20  # bytes of comments
CODE = 1024  # bytes of code that are looked at
_OPEN = re.compile(rb"/\*")
_CLOSE = re.compile(rb"\*/")
_CODE = re.compile(rb"\s*[=;(,.+\[-]?[\s\S]*?(?:[\w$\])]\s*\([\s\S]*?\)|[\w$]\s*=[^=])")
_REST = re.compile(rb"//|/\*")


@frozen
class HidingScript:
    """A script whose first comment spans another file; the finding spans the source."""

    tag: ClassVar[str] = "hiding_script"
    code_at: int  # bytes from the start
    code: str  # the first 256 characters


class JavaScript:
    """Finds scripts that begin like something else."""

    name = "javascript"
    version = 1
    wakes_on = (
        Anchor(rb"GIF8[79]a/\*"),
        Anchor(rb"GIF8[79]a=[\x00-\xff]"),
        Anchor(rb"BM/\*[\x00-\xff]{2}"),
        Anchor(rb"RIFF/\*"),
        Anchor(rb"RIFF=[\x00-\xff]{2}\x00"),
        Anchor(rb"\xff\xd8\xff\xe0/\*"),
    )

    def score(self, view: View, /) -> int:
        """A script begins at the start of a source."""
        return int(view.offset == 0)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        scan = Scanner(hit.view, MOST)
        opened = scan.search(_OPEN, 0, 4096)
        closed = None if opened is None else scan.search(_CLOSE, opened[0] + 2)
        if opened is None or closed is None:
            raise Malformed(hit.offset, "a comment")
        start, end = opened[0] + 2, closed[0]
        code = _code(hit.view, end + 2)
        if not code:
            raise Malformed(hit.offset + end, "code behind the comment")
        size = hit.view.within(0, 1 << 62)
        yield hit.finding(0, size, HidingScript(end + 2, code.decode("utf-8", "replace")[:256]))
        yield Extent(0, size, "javascript", "a comment, and code behind it to the end or to another comment")
        yield hit.finding(start, end - start, Room("javascript", "comment"))


def _code(view: View, at: int) -> bytes:
    """The code at a place, if it goes to the end of the source or to another comment; else nothing."""
    data = view.read(at, CODE)
    text = data if plain(data) else data[: first_binary(data)]
    rest = _REST.search(text)
    code = text[: rest.start()] if rest else text
    ends = rest is not None or (len(text) == len(data) and len(data) < CODE) or len(text) == CODE
    return code if ends and _CODE.match(code) else b""
