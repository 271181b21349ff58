"""The body of a PDF from its header on, object after object, as it lies in the file (ISO 32000-1, 7.5).

Readers start at the last `startxref` and go by tables of offsets; where those are broken they look for "N G obj" from
the start. The walk does the latter always, so that it meets what no table names, and keeps the tables to compare.
"""

import re

from rorqual.analyzers.formats.documents.pdf_objects import OBJECT, Bodies, Walk, take_object
from rorqual.analyzers.formats.documents.pdf_syntax import parse
from rorqual.analyzers.formats.documents.scanner import Scanner
from rorqual.sdk import Malformed

MOST_ENTRIES = 65_536  # of tables of offsets, compared with what is there
HEADER = 8  # bytes, with the version
MOST_COMMENT = 1 << 20  # bytes of one line
FIRST_OBJECT = 64 << 10  # bytes after the header in which the first must begin
LATER_REVISION = 256 << 10  # bytes behind an end in which a revision that names the last one is looked for
_MARK = re.compile(
    rb"(?<![\x21-\x7e])\d{1,10}[\0\s]+\d{1,5}[\0\s]+obj(?![A-Za-z])|(?<![\x21-\x7e])(?:xref|trailer|startxref)\s|%%EOF|%PDF-"
)
_SPACE = re.compile(rb"[\0\s]*")
_LINE = re.compile(rb"%[^\r\n]*")
_SECTION = re.compile(rb"[\0\s]*(\d{1,10})[\0\s]+(\d{1,10})[\0\s]*(?=[\dt])")
_ENTRY = re.compile(rb"[\0\s]*(\d{1,10})[\0\s]+(\d{1,5})[\0\s]+([nf])[\0\s]*")
_START = re.compile(rb"startxref[\0\s]+(\d{1,18})")
_FINAL = re.compile(rb"startxref[\0\s]+(\d{1,18})[\0\s]+%%EOF|%PDF-")
_EOL = re.compile(rb"\r\n|\r|\n")


def walk(scan: Scanner, bodies: Bodies, *, near: int = FIRST_OBJECT) -> Walk:
    """Walks from the header at 0 to the end of the last revision.

    Raises:
        Malformed: no object follows the header.
    """
    made = Walk(bodies=bodies)
    at = 5
    found = _LINE.match(scan.peek(0, 1024))
    at = found.end() if found else at
    if at > HEADER:
        made.gaps.append((HEADER, at - HEADER, "comment"))
    if scan.search(OBJECT, at, at + near) is None:
        raise Malformed(scan.view.offset, f"an object within {near} bytes of a PDF header")
    comment = -1
    while True:
        scan.view.step()
        skipped = _SPACE.match(scan.peek(at, 256))
        at += skipped.end() if skipped else 0
        head = scan.peek(at, 64)
        if not head:
            break
        if skipped and skipped.end() >= 256:
            continue
        if head[:1] == b"%" and not head.startswith((b"%%EOF", b"%PDF-")):
            comment = at if comment < 0 else comment
            line = scan.search(_EOL, at, at + MOST_COMMENT)
            if line is None:
                break
            at = line[0] + len(line[1][0])
            continue
        if comment >= 0:
            made.gaps.append((comment, at - comment, "comment"))
            comment = -1
        try:
            following = _structure(scan, made, at, head)
        except Malformed:
            made.broken = True
            break
        if following is not None:
            at = made.end = following
            continue
        if made.ends and (head.startswith(b"%PDF-") or not _goes_on(scan, made, at)):
            break
        mark = scan.search(_MARK, at + 1)
        if mark is None:
            break
        made.gaps.append((at, mark[0] - at, "unused"))
        at = mark[0]
    return made


def _structure(scan: Scanner, made: Walk, at: int, head: bytes) -> int | None:
    """Takes what begins at `at`, and says where it ends; None: it is no part of a PDF."""
    if head[:1].isdigit():
        found = OBJECT.match(head)
        return take_object(scan, made, at, found) if found else None
    if head.startswith(b"xref"):
        return _table(scan, made, at)
    if head.startswith(b"trailer"):
        body = scan.peek(at + 7, 4096)
        try:
            value, size = parse(body, 0, scan.view.offset + at + 7)
        except Malformed:
            return at + 7
        if isinstance(value, dict):
            made.trailers.append((at, value))
        return at + 7 + size
    if head.startswith(b"startxref"):
        found = _START.match(head)
        if found:
            made.starts.append((at, int(found[1])))
        return at + (found.end() if found else 9)
    if head.startswith(b"%%EOF"):
        line = _EOL.match(head, 5)
        end = at + (line.end() if line else 5)
        made.ends.append(end)
        return end
    return None


def _table(scan: Scanner, made: Walk, at: int) -> int:
    """A table of offsets (7.5.4), and where it ends."""
    made.tables.append(at)
    at += 4
    while found := _SECTION.match(scan.peek(at, 128)):
        at += found.end()
        first, count = int(found[1]), int(found[2])
        for number in range(first, first + min(count, MOST_ENTRIES)):
            entry = _ENTRY.match(scan.peek(at, 32))
            if entry is None:
                break
            at += entry.end()
            scan.view.step()
            if entry[3] == b"n" and len(made.entries) < 2 * MOST_ENTRIES:
                made.entries.extend((number, int(entry[1])))
    return at


def _goes_on(scan: Scanner, made: Walk, at: int) -> bool:
    """Whether, behind other bytes, a revision follows whose cross-reference lies between here and its end."""
    found = scan.search(_FINAL, at, at + LATER_REVISION)
    if found is None or found[1][1] is None:
        return False
    for base in (0, scan.view.offset):
        place = int(found[1][1]) - base
        if at < place < found[0]:
            head = scan.peek(place, 32).lstrip()
            return head.startswith(b"xref") or OBJECT.match(head) is not None
    return False
