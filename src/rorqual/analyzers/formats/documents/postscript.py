"""PostScript documents: "%!PS", comments that tell of structure, operators, "%%EOF".

https://www.adobe.com/jp/print/postscript/pdfs/PLRM.pdf, https://www.cdf.com/dsc.pdf. Programs are not run. Fonts
("%!PS-AdobeFont") and PDF documents with such a header belong to others.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from rorqual.analyzers.formats.documents.markup import first_binary, plain
from rorqual.analyzers.formats.documents.scanner import Scanner, busy
from rorqual.sdk import Anchor, Anomaly, Extent, Hit, Malformed, Room, Said, View, frozen

MOST = 64 << 20  # bytes in which the end is looked for
LONGEST = 256  # characters
LONGEST_GAP = 256 << 10  # bytes without a token that a document has
SKIPPED = 1 << 20  # bytes before "%!PS" that a string may hide
HIDING = b"/{("
LEAST_OPERATORS = 2
_MARK = re.compile(
    rb"(?<![^\r\n])%%(?P<end>EOF[ \t]*(?:\r\n|\r|\n)?)|(?<![^\r\n])%%(?P<document>(?:Begin|End)Document)"
    rb"|(?<![^\r\n])%%(?:BeginBinary|BeginData):[ \t]*(?P<binary>\d{1,10})(?P<unit>[^\r\n]*)(?:\r\n|\r|\n)"
    rb"|(?P<pipe>%pipe%)|(?<![\w/])(?P<file>deletefile|renamefile|filenameforall)(?!\w)"
    rb"|(?<![\w/])(?P<operator>showpage|findfont|scalefont|selectfont|setfont|moveto|lineto|curveto|newpath|stroke|"
    rb"gsave|grestore|translate|currentfile|setrgbcolor|setgray|closepath|show|quit|stop|bind|def)(?!\w)"
)
_COMMENT = re.compile(rb"%%(Title|Creator|CreationDate|For|Pages|BoundingBox|LanguageLevel):[ \t]*([^\r\n]*)")
_LAST = re.compile(rb"(?:showpage|quit|stop)\s*\Z|%%EOF\s*\Z")


@frozen
class PostScriptDocument:
    """A document. The finding spans it to its end mark, or as far as its text goes."""

    tag: ClassVar[str] = "postscript_document"
    version: str  # of the conventions it follows; empty where it follows none
    encapsulated: bool
    title: str | None
    creator: str | None
    created: str | None
    written_for: str | None
    pages: str | None
    bounding_box: str | None
    file_access: int  # operators that change or list files, or run programs


@dataclass
class _Seen:
    operators: int = 0
    files: int = 0
    pipes: list[int] = field(default_factory=list)
    end: int = 0
    last: int = 0  # behind the last operator or mark
    marked: bool = False  # by "%%EOF"


class PostScript:
    """Finds PostScript documents."""

    name = "postscript"
    version = 1
    wakes_on = (Anchor(rb"%!PS[ \r\n-]"),)

    def score(self, view: View, /) -> int:
        """A font or a PDF document is none of it, nor is what a program quotes."""
        head = view.read(0, 32)
        if b"Font" in head or b" PDF-" in head:
            return 0
        before = view.sub(-min(view.offset, 1)).read(0, min(view.offset, 1))
        return int(before not in (b'"', b"'", b"`"))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.read(0, 4096)
        line = re.split(rb"[\r\n]", head[:256], maxsplit=1)[0]
        seen = _walked(view)
        told = len(re.findall(rb"[\r\n]%%\w", head[: seen.end or seen.last]))  # comments of structure
        if seen.operators < LEAST_OPERATORS and (told < LEAST_OPERATORS or not seen.marked):
            raise Malformed(view.offset, "operators, and an end")
        if not seen.end and told < LEAST_OPERATORS:
            raise Malformed(view.offset, "an end")
        said = {
            key.decode(): value.decode("latin-1").strip(" ()")[:LONGEST]
            for key, value in _COMMENT.findall(head[: seen.end or seen.last])
        }
        start = _hidden(hit)
        body = PostScriptDocument(
            version=found[1].decode() if (found := re.search(rb"Adobe-([\d.]+)", line)) else "",
            encapsulated=b"EPSF" in line,
            title=said.get("Title"),
            creator=said.get("Creator"),
            created=said.get("CreationDate"),
            written_for=said.get("For"),
            pages=said.get("Pages"),
            bounding_box=said.get("BoundingBox"),
            file_access=seen.files + len(seen.pipes),
        )
        yield hit.finding(start, (seen.end or seen.last) - start, body)
        if not seen.end:
            return
        proof = "the end mark" if seen.marked else "text to its end"
        yield Extent(start, seen.end - start, "postscript", f"{seen.operators} operators, {proof}")
        if start < 0 and busy(view.sub(start), len(HIDING), -start - 2 - len(HIDING)):
            yield hit.finding(start + len(HIDING), -start - 2 - len(HIDING), Room("postscript", "unused"))
        for at in seen.pipes:
            yield hit.finding(at, 6, Anomaly("runs_program", "%pipe%", ("T1059",)))


def _walked(view: View) -> _Seen:
    """Operators up to the end mark that is not that of a document inside; else to where text ends."""
    scan, seen = Scanner(view, MOST), _Seen()
    at, depth = 4, 0
    head = view.read(0, 4096)
    limit = MOST if plain(head) else first_binary(head)  # a short document between other bytes
    while found := scan.search(_MARK, at, min(limit, at + LONGEST_GAP)):
        place, token = found
        view.step()
        at = seen.last = place + len(token[0])
        if token["end"] is not None:
            if depth == 0:
                seen.end, seen.marked = at, True
                return seen
        elif token["document"] is not None:
            depth += 1 if token["document"].startswith(b"Begin") else -1 if depth else 0
        elif token["binary"] is not None:
            at += int(token["binary"]) if b"Lines" not in token["unit"] else 0
        elif token["pipe"] is not None:
            seen.pipes += [place] if len(seen.pipes) < 16 else []
        elif token["file"] is not None:
            seen.files += 1
        else:
            seen.operators += 1
    size = view.within(0, limit)
    if size < MOST and size == _textual(view, size) and _LAST.search(view.read(max(0, size - 64), 64)):
        seen.end = size
    return seen


def _textual(view: View, size: int) -> int:
    """How many of the bytes are text, in whole blocks."""
    at = 0
    while at < size:
        data = view.read(at, min(64 << 10, size - at))
        if not plain(data):
            break
        at += len(data)
    return at


def _hidden(hit: Hit) -> int:
    """Where the program really begins: a string that is thrown away may stand before the header, and anything in it."""
    if not 0 < hit.offset <= SKIPPED:
        return 0
    whole = hit.view.sub(-hit.offset)
    closing = whole.read(hit.offset - 2, 2) == b")}"
    return -hit.offset if closing and whole.read(0, len(HIDING)) == HIDING else 0
