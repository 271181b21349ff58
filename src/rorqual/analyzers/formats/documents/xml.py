"""XML documents, among them SVG images: a declaration or an `svg` element, tags that match. One in a text is not told.

https://www.w3.org/TR/xml/, https://www.w3.org/TR/SVG11/. Documents in UTF-16 and those that begin with neither are not
handled; a document type is not checked, entities are not followed.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.documents.markup import Tree, attribute, walked
from rorqual.sdk import Anchor, Anomaly, Extent, Hit, Room, Said, View, frozen

LEAST_COMMENT = 32  # bytes
BEFORE = 8  # bytes that tell whether a text goes on here
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
NEAR = 2048  # bytes before an `svg` element: comments, a document type
FORMATS = {
    "svg": "svg",
    "html": "xhtml",
    "rss": "rss",
    "feed": "atom",
    "plist": "plist",
    "kml": "kml",
    "stylesheet": "xslt",
    "transform": "xslt",
}
_PREFIX = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:(?:<!--.*?-->|<!DOCTYPE[^>]*>)\s*)*", re.DOTALL)


@frozen
class XMLDocument:
    """A document. The finding spans it with the white space behind it."""

    tag: ClassVar[str] = "xml_document"
    root: str
    namespace: str | None  # of the root
    encoding: str | None  # as declared
    elements: int
    scripts: int  # script elements, and elements with an attribute that holds script
    entities: int  # declared in the document itself
    external: bool  # an entity or the document type stands elsewhere
    processing: tuple[str, ...]  # targets of processing instructions


class XML:
    """Finds XML documents that a source begins with, or that begin behind what is no text."""

    name = "xml"
    version = 1
    wakes_on = (Anchor(rb"<\?xml[ \t\r\n]"), Anchor(rb"<svg[ >\t\r\n]"))

    def score(self, view: View, /) -> int:
        """Nothing but a byte order mark may stand before the declaration, nothing but comments before the element."""
        back = min(BEFORE, view.offset)
        if not back or CONTROL.search(view.sub(-back).read(0, back)):
            return 2  # what begins between bytes that are no text is a document of its own
        if view.read(1, 1) == b"?":
            return int(view.offset == 3 and view.sub(-3).read(0, 3) == b"\xef\xbb\xbf")
        if view.offset > NEAR:
            return 0
        before = view.sub(-view.offset).read(0, view.offset)
        found = _PREFIX.match(before)
        return int(found is not None and found.end() == len(before))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        start = 0 if self.score(hit.view) > 1 else -hit.offset
        tree = walked(hit.view.sub(start))
        format = FORMATS.get(tree.root.rpartition(":")[2].lower(), "xml")
        yield hit.finding(start, tree.end, _record(tree))
        elements = f"{tree.elements} element{'s' * (tree.elements != 1)}"
        yield Extent(start, tree.end, format, f"{elements} whose tags match")
        for at, size in tree.comments:
            if size >= LEAST_COMMENT:
                yield hit.finding(start + at, size, Room(format, "comment"))
        if tree.fetched:
            yield hit.finding(start, tree.end, Anomaly("entity_from_elsewhere", tree.fetched))


def _record(tree: Tree) -> XMLDocument:
    prefix = tree.root.partition(":")[0] if ":" in tree.root else ""
    namespace = attribute(tree.attributes, b"xmlns" + (b":" + prefix.encode() if prefix else b""))
    return XMLDocument(
        root=tree.root,
        namespace=namespace[:256] or None,
        encoding=attribute(tree.declaration, b"encoding")[:64] or None,
        elements=tree.elements,
        scripts=tree.scripts,
        entities=tree.entities,
        external=tree.outside,
        processing=tuple(tree.processing[:16]),
    )
