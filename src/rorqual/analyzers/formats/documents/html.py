"""HTML documents: a doctype or an `html` element, text, and the closing tag.

https://html.spec.whatwg.org/multipage/syntax.html. A document is claimed from the start of a source, or elsewhere where
it is whole and stands between other than text: text that talks of tags is no document. Templates without an `html`
element and what scripts do are not handled.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from rorqual.analyzers.formats.documents.markup import MOST_ROOMS, Blocks, attribute, plain, sniffed
from rorqual.sdk import Anchor, Anomaly, Extent, Hit, Malformed, Room, Said, View, frozen

SNIFFED = 1024  # bytes in which readers look for a beginning
LEAST_COMMENT = 32  # bytes
LONGEST = 256  # characters
DOCTYPE = rb"<![dD][oO][cC][tT][yY][pP][eE] [hH][tT][mM][lL][ >\r\n\t]"
ELEMENT = rb"<[hH][tT][mM][lL][ >\r\n\t]"
_PREFIX = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:(?:<!--.*?-->|<\?xml.*?\?>)\s*)*", re.DOTALL)
_TOKEN = re.compile(
    rb"<!--(?P<comment>.*?)-->|<(?P<end>/html\s*>)|<(?P<name>html|head|body|title|script|iframe|frame|form|object|embed|"
    rb"applet|meta|base|hta:application)(?=[\s>/])(?P<rest>[^>]{0,2048})|\s(?P<event>on[a-z]{3,24})\s*=\s*[\"'a-z]",
    re.DOTALL | re.IGNORECASE,
)
_EVENT = re.compile(rb"\son[a-z]{3,24}\s*=", re.IGNORECASE)
_TITLE = re.compile(rb">([^<]{0,1024})", re.DOTALL)


@frozen
class HTMLDocument:
    """A document, from its doctype or `html` element on."""

    tag: ClassVar[str] = "html_document"
    title: str | None
    generator: str | None
    scripts: int
    frames: int
    forms: int
    plugins: int  # object, embed and applet elements
    events: int  # attributes that hold script
    redirect: str | None  # where a meta element leads at once
    application: bool  # an HTML application, which Windows runs
    comments: int


@dataclass
class _Seen:
    counts: dict[str, int] = field(default_factory=dict)
    comments: list[tuple[int, int]] = field(default_factory=list)
    title: str | None = None
    generator: str | None = None
    redirect: str | None = None
    end: int = 0  # behind the closing tag


class HTML:
    """Finds HTML documents."""

    name = "html"
    version = 1
    wakes_on = (Anchor(DOCTYPE), Anchor(ELEMENT))

    def score(self, view: View, /) -> int:
        """Right at the start of a source, near it, or behind what is not text; the element only without a doctype."""
        before = view.sub(-min(view.offset, SNIFFED)).read(0, min(view.offset, SNIFFED))
        if view.read(1, 1) != b"!" and re.search(DOCTYPE, before + b" "):
            return 0
        if view.offset <= SNIFFED:
            return 2
        return int(before[-1:] < b"\t" or before[-1:] >= b"\x80")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        near = min(hit.offset, SNIFFED)
        before = view.sub(-near).read(0, near)
        found = _PREFIX.match(before)
        first = hit.offset == near and found is not None and found.end() == near
        if first and before.lstrip(b"\xef\xbb\xbf").startswith(b"<?xml") and sniffed(view.sub(-hit.offset)):
            raise Malformed(view.offset, "other than XHTML")
        textual = plain(before)
        seen, blocks = _Seen(), Blocks(view)
        for at, token in blocks.tokens(_TOKEN):
            _take(seen, at, token)
            if seen.end and not textual and not first:
                break
        doctype = view.read(1, 1) == b"!"
        known = sum(seen.counts.get(name, 0) for name in ("html", "head", "body", "script", "meta", "title"))
        whole = blocks.ended and not blocks.binary
        if whole and (first or textual):
            end = blocks.size
            if (not first and not seen.end) or (seen.end and not first and view.read(seen.end, 4096).strip()):
                raise Malformed(view.offset, "a document that is all there is behind its beginning")
        else:
            end = seen.end + len(re.match(rb"(?:\r\n|\n|\r)?", view.read(seen.end, 2))[0]) if seen.end else 0  # type: ignore[index]  # it always matches
        if not known or not (seen.end or (doctype and whole and first)) or (textual and not first and not whole):
            raise Malformed(view.offset, "a document that closes")
        if not first and not (seen.counts.get("body", 0) or seen.counts.get("head", 0)):
            raise Malformed(view.offset, "a head or a body")
        start = -hit.offset if first else 0
        yield hit.finding(start, end - start, _record(seen))
        proof = "doctype" if doctype else "html element"
        proof += ", closing tag" if seen.end else ", text to the end"
        yield Extent(
            start,
            end - start,
            "html",
            f"{proof}, {known} element{'s' * (known != 1)} of a document",
            f"within {SNIFFED}",
        )
        for at, size in seen.comments[:MOST_ROOMS]:
            if at + size <= end:
                yield hit.finding(at, size, Room("html", "comment"))
        if seen.redirect and seen.redirect.lower().startswith(("javascript:", "data:")):
            yield hit.finding(0, end, Anomaly("redirect_to_script", seen.redirect[:80]))


def _take(seen: _Seen, at: int, token: re.Match[bytes]) -> None:
    if token["comment"] is not None:
        seen.counts["comment"] = seen.counts.get("comment", 0) + 1
        if len(token["comment"]) >= LEAST_COMMENT and len(seen.comments) < MOST_ROOMS:
            seen.comments.append((at + 4, len(token["comment"])))
    elif token["end"] is not None:
        seen.end = at + len(token[0])
    elif token["event"] is not None:
        seen.counts["event"] = seen.counts.get("event", 0) + 1
    else:
        name = token["name"].decode("ascii").lower()
        seen.counts["event"] = seen.counts.get("event", 0) + len(_EVENT.findall(token["rest"]))
        seen.counts[name] = seen.counts.get(name, 0) + 1
        if name == "title" and seen.title is None:
            after = _TITLE.match(token.string, token.end())
            seen.title = after[1].decode("utf-8", "replace").strip()[:LONGEST] if after else None
        elif name == "meta":
            content = attribute(token["rest"], b"content")
            if attribute(token["rest"], b"name").lower() == "generator":
                seen.generator = content[:LONGEST]
            elif attribute(token["rest"], b"http-equiv").lower() == "refresh" and "url=" in content.lower():
                seen.redirect = content[content.lower().index("url=") + 4 :].strip("'\" ")[:LONGEST]


def _record(seen: _Seen) -> HTMLDocument:
    counts = seen.counts
    return HTMLDocument(
        title=seen.title,
        generator=seen.generator,
        scripts=counts.get("script", 0),
        frames=counts.get("iframe", 0) + counts.get("frame", 0),
        forms=counts.get("form", 0),
        plugins=sum(counts.get(name, 0) for name in ("object", "embed", "applet")),
        events=counts.get("event", 0),
        redirect=seen.redirect,
        application="hta:application" in counts,
        comments=counts.get("comment", 0),
    )
