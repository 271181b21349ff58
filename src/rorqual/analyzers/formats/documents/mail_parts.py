"""The parts of a message: between lines that begin with "--" and a boundary (RFC 2046, 5.1)."""

import re
from dataclasses import dataclass, field

from rorqual.analyzers.formats.documents.mail_text import MOST_HEADER, Headers, headers, parameters, value_of
from rorqual.analyzers.formats.documents.scanner import Scanner

MOST_PARTS = 4096
DEEPEST = 32  # parts within parts
LONGEST_BOUNDARY = 256


@dataclass(slots=True)
class Part:
    """A part that is none of several. `at` and `size` are those of its body."""

    at: int
    size: int
    kind: str
    encoding: str
    name: str | None
    said: Headers


@dataclass
class Parts:
    """All of a message, and what readers pass over."""

    parts: list[Part] = field(default_factory=list)
    rooms: list[tuple[int, int, str]] = field(default_factory=list)
    closed: bool = True  # every boundary had its last line


def body(scan: Scanner, made: Parts, said: Headers, *, at: int, end: int, depth: int = 0) -> None:
    """Takes the body from `at` to `end` apart, as its headers say."""
    kind = value_of(said, "content-type")
    boundary = parameters(kind).get("boundary", "")
    name = kind.partition(";")[0].strip().lower() or "text/plain"
    if not name.startswith("multipart/") or not boundary or depth == DEEPEST or len(boundary) > LONGEST_BOUNDARY:
        made.parts.append(_part(at, end - at, name, said))
        return
    line = re.compile(
        rb"(?:\r\n|(?<=\n)|\n|\A)--" + re.escape(boundary.encode("utf-8")) + rb"(--)?[ \t]*(?:\r\n|\n|\r|\Z)"
    )
    found = scan.search(line, max(0, at - 1), end)
    if found is None:
        made.parts.append(_part(at, end - at, name, said))
        made.closed = False
        return
    if found[0] > at:
        made.rooms.append((at, found[0] - at, "preamble"))
    while not found[1][1] and len(made.parts) < MOST_PARTS:
        start = found[0] + len(found[1][0])
        following = scan.search(line, max(start - 1, at), end)
        stop = following[0] if following else end
        inner, begins = headers(scan.peek(start, min(MOST_HEADER, max(0, stop - start))))
        body(scan, made, inner, at=min(start + begins, stop), end=stop, depth=depth + 1)
        if following is None:
            made.closed = False
            return
        found = following
    last = found[0] + len(found[1][0])
    if end > last:
        made.rooms.append((last, end - last, "unused"))


def _part(at: int, size: int, kind: str, said: Headers) -> Part:
    name = parameters(value_of(said, "content-disposition")).get("filename") or parameters(
        value_of(said, "content-type")
    ).get("name")
    return Part(at, size, kind, value_of(said, "content-transfer-encoding").lower(), name, said)
