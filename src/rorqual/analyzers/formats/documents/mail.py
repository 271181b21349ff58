"""Mail: header lines, a blank line, a body that may have parts; many in a row in a mailbox; saved web pages (MHTML).

RFC 5322, RFC 2045 to 2049, RFC 4155 (mbox), RFC 2557 (MHTML). A message is claimed from the start of a source only.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from rorqual.analyzers.formats.documents.mail_parts import Part, Parts, body
from rorqual.analyzers.formats.documents.mail_text import (
    LONGEST,
    MOST_HEADER,
    Headers,
    base64,
    headers,
    quoted_printable,
    value_of,
    words,
)
from rorqual.analyzers.formats.documents.scanner import Scanner, busy
from rorqual.sdk import Anchor, Anomaly, Codec, Extent, Finding, Hit, Malformed, Region, Room, Said, View, frozen

ANCHORS = (
    rb"[Mm][Ii][Mm][Ee]-[Vv][Ee][Rr][Ss][Ii][Oo][Nn]:",
    rb"[Mm][Ee][Ss][Ss][Aa][Gg][Ee]-[Ii][Dd]:",
    rb"[Ff][Rr][Oo][Mm]: [\x20-\x7e][\x20-\x7e]",
)
OF_MAIL = frozenset(
    ("from", "to", "subject", "date", "received", "message-id", "mime-version", "return-path", "delivered-to")
    + ("content-type", "reply-to", "cc", "sender", "x-mailer", "dkim-signature", "in-reply-to", "references")
)
SURE = frozenset(("from", "received", "message-id", "return-path"))
LEAST_KNOWN = 3
LEAST_ROOM = 8
MOST_NAMES = 64
MOST_MESSAGES = 4096  # of a mailbox that are told of
MAILBOX = re.compile(rb"From [^\r\n]{3,200}\d\d:\d\d[^\r\n]*\r?\n")
_NEXT = re.compile(rb"(?<=\n)From [^\r\n]{3,200}\d\d:\d\d[^\r\n]*\r?\n(?=[!-9;-~]{1,76}:)")
_ANY = re.compile(rb"|".join(ANCHORS))
REVERSING = "\u202e\u202d\u2067"  # characters that turn the direction of what follows


@frozen
class MailMessage:
    """A message."""

    tag: ClassVar[str] = "mail_message"
    sender: str | None
    to: str | None
    subject: str | None
    date: str | None
    message_id: str | None
    mailer: str | None
    received: int  # header lines that servers on the way have added
    kind: str  # of content
    parts: int
    attachments: tuple[str, ...]  # names
    closed: bool  # every boundary has its last line


class Mail:
    """Finds messages and mailboxes that a source begins with."""

    name = "eml"
    version = 1
    wakes_on = tuple(Anchor(anchor) for anchor in ANCHORS)

    def score(self, view: View, /) -> int:
        """Header lines stand at the source's start, and the hit among them."""
        if view.offset > MOST_HEADER:
            return 0
        head = view.sub(-view.offset).read(0, 256)
        return int(MAILBOX.match(head) is not None or re.match(rb"[!-9;-~]{1,76}:[ \t\r\n]", head) is not None)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view.sub(-hit.offset)
        start = -hit.offset
        head = view.read(0, MOST_HEADER)
        line = MAILBOX.match(head)
        said, at = headers(head, line.end() if line else 0)
        first = _ANY.search(head)
        if first is None or first.start() != hit.offset or hit.offset >= at:
            raise Malformed(hit.offset, "the first of the headers that tell")
        names = {name for name, _ in said}
        if not names & SURE or len(names & OF_MAIL) < LEAST_KNOWN:
            raise Malformed(hit.offset, "headers of mail")
        scan = Scanner(view, 1 << 40)
        end = view.within(0, 1 << 62)
        if line is None:
            yield from _message(hit, scan, said, start=start, at=at, first=0, end=end)
            return
        begin, count = 0, 0
        while count < MOST_MESSAGES:
            following = scan.search(_NEXT, max(at - 1, 0), end)
            stop = following[0] if following else end
            yield from _message(hit, scan, said, start=start, at=at, first=begin, end=stop, claimed=False)
            count += 1
            if following is None:
                break
            begin = following[0]
            said, at = headers(scan.peek(begin, MOST_HEADER), len(following[1][0]))
            at += begin
        yield Extent(start, end, "mbox", f"{count} message{'s' * (count != 1)}, each behind its line")


def _message(
    hit: Hit, scan: Scanner, said: Headers, *, start: int, at: int, first: int, end: int, claimed: bool = True
) -> Iterator[Said]:
    """A message from `first` to `end` of the source, whose body begins at `at`; `start` is the source's in the view."""
    made = Parts()
    body(scan, made, said, at=at, end=end)
    yield hit.finding(start + first, end - first, _record(said, made))
    if claimed:
        format = "mht" if _saved(said) else "eml"
        proof = f"{len(said)} header lines, {len(made.parts)} part{'s' * (len(made.parts) != 1)}"
        yield Extent(start, end, format, proof)
    for place, size, use in made.rooms:
        if size >= LEAST_ROOM and busy(scan.view, place, size):
            yield hit.finding(start + place, size, Room("eml", use))
    for one in made.parts:
        yield from _child(hit, one, start)


def _child(hit: Hit, one: Part, start: int) -> Iterator[Finding | Region]:
    if one.name and any(char in one.name for char in REVERSING):
        shown = one.name.encode("unicode_escape").decode("ascii")[:128]
        yield hit.finding(start + one.at, one.size, Anomaly("name_reversed", shown, ("T1036.002",)))
    name = one.name[:LONGEST] if one.name else None
    if not one.size:
        return
    if one.encoding == "base64":
        codec = Codec("mime-base64", partial(_base64, one.size))
        yield Region(start + one.at, None, "mail-part", codec, name=name)
    elif one.encoding == "quoted-printable":
        codec = Codec("mime-qp", partial(_printable, one.size))
        yield Region(start + one.at, None, "mail-part", codec, name=name)
    elif name or one.kind in ("message/rfc822", "text/html"):
        yield Region(start + one.at, one.size, "mail-part", Codec("mime-part", None), name=name)


def _base64(size: int, view: View) -> Iterator[bytes]:
    yield from base64(view, size)


def _printable(size: int, view: View) -> Iterator[bytes]:
    yield from quoted_printable(view, size)


def _saved(said: Headers) -> bool:
    """Whether it is a saved web page."""
    if value_of(said, "received") or not value_of(said, "content-type").lower().startswith("multipart/related"):
        return False
    return bool(value_of(said, "snapshot-content-location")) or "saved by" in value_of(said, "from").lower()


def _record(said: Headers, made: Parts) -> MailMessage:
    def text(name: str) -> str | None:
        return words(value_of(said, name))[:LONGEST] or None

    return MailMessage(
        sender=text("from"),
        to=text("to"),
        subject=text("subject"),
        date=text("date"),
        message_id=text("message-id"),
        mailer=text("x-mailer") or text("user-agent"),
        received=sum(name == "received" for name, _ in said),
        kind=value_of(said, "content-type").partition(";")[0].strip().lower()[:64] or "text/plain",
        parts=len(made.parts),
        attachments=tuple(one.name[:LONGEST] for one in made.parts if one.name)[:MOST_NAMES],
        closed=made.closed,
    )
