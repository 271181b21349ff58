"""Text with tags: tokens over blocks, attributes, and whether XML is well-formed (https://www.w3.org/TR/xml/)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rorqual.sdk import Malformed, View

BLOCK = 256 << 10
FIRST = 4 << 10
LONGEST_TOKEN = 1 << 20  # bytes; a longer one is stepped into
MOST_ROOMS = 64
DEEPEST = 4096
_BINARY = bytes(code for code in range(256) if code < 9 or 13 < code < 27 or 27 < code < 32)
_OTHERS = bytes(code for code in range(256) if code not in _BINARY)
XML_TOKEN = re.compile(
    rb"<!--(?P<comment>.*?)-->|<!\[CDATA\[.*?\]\]>|<\?(?P<process>.*?)\?>|</(?P<close>[^\s<>/]+)\s*>"
    rb"|<!DOCTYPE\s(?P<doctype>[^\[>]*(?:\[.*?\]\s*)?)>"
    rb"|<(?P<open>[A-Za-z_:\x80-\xff][^\s<>/=\"']*)(?P<rest>(?:\s+[^\s<>=\"'/]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(?P<empty>/?)>",
    re.DOTALL,
)
_ENTITY = re.compile(rb"<!ENTITY\s")
_FETCHED = re.compile(rb"<!ENTITY\s+(?:%\s+)?\S+\s+(?:SYSTEM|PUBLIC)\s[^>]*")
_OUTSIDE = re.compile(rb"<!ENTITY\s+(?:%\s+)?\S+\s+(?:SYSTEM|PUBLIC)\s|^[^\[]*(?:SYSTEM|PUBLIC)\s")


def plain(data: bytes) -> bool:
    """Whether there are no control characters but those of text."""
    return not data.translate(None, _OTHERS)


def attribute(raw: bytes, name: bytes) -> str:
    """The value of an attribute; empty where it is not."""
    found = re.search(rb"(?<![\w-])" + name + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", raw, re.IGNORECASE)
    return (found[1] or found[2] or found[3] or b"").decode("utf-8", "replace") if found else ""


class Blocks:
    """A view's text as tokens, each once. Afterwards `size` is how much was looked at, `ended` whether that is all
    there is, and `binary` whether other than text came."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.size = 0
        self.ended = False
        self.binary = False

    def tokens(self, pattern: re.Pattern[bytes]) -> Iterator[tuple[int, re.Match[bytes]]]:
        """Place and match, up to the end of the view or to the first block that is not text."""
        base, data, want = 0, b"", FIRST
        while not self.ended and not self.binary:
            more = self._view.read(base + len(data), want)
            self.ended = len(more) < want
            if not plain(more):
                self.binary = True
                more = more[: _first_binary(more)]
            data += more
            self.size = base + len(data)
            want = min(BLOCK, 2 * want)
            last = count = 0
            for found in pattern.finditer(data):
                if found.end() == len(data) and not (self.ended or self.binary):
                    break
                last = found.end()
                count += 1
                yield base + found.start(), found
            self._view.step(count)
            # What may be the beginning of a token is looked at again, with what follows.
            cut = data.rfind(b"<", last, len(data))
            keep = len(data) - cut if cut >= 0 else 32
            opened = data.find(b"<!--", last)
            keep = max(keep, len(data) - opened) if opened >= 0 else keep
            keep = min(keep, LONGEST_TOKEN, len(data) - last)
            base, data = base + len(data) - keep, data[len(data) - keep :]


def _first_binary(data: bytes) -> int:
    low, high = 0, len(data)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if plain(data[:middle]) else (low, middle)
    return low


@dataclass
class Tree:
    """What a walk over XML has seen."""

    root: str = ""
    attributes: bytes = b""  # of the root
    declaration: bytes = b""
    doctype: bytes = b""
    elements: int = 0
    scripts: int = 0
    comments: list[tuple[int, int]] = field(default_factory=list)
    processing: list[str] = field(default_factory=list)
    closed: int = 0  # behind the root's closing tag; 0: it never closes
    end: int = 0  # behind what may follow it

    @property
    def entities(self) -> int:
        """Declared in the document itself."""
        return len(_ENTITY.findall(self.doctype))

    @property
    def fetched(self) -> str:
        """The declaration of the first entity that stands elsewhere; empty where there is none."""
        found = _FETCHED.search(self.doctype)
        return found[0].decode("utf-8", "replace")[:128] if found else ""

    @property
    def outside(self) -> bool:
        """Whether an entity or the document type is to be fetched from elsewhere."""
        return _OUTSIDE.search(self.doctype) is not None


def walked(view: View) -> Tree:
    """Walks a document from its start.

    Raises:
        Malformed: its tags do not match, or text stands outside of the root.
    """
    made, blocks = Tree(), Blocks(view)
    stack: list[bytes] = []
    at = 3 if view.read(0, 3) == b"\xef\xbb\xbf" else 0
    for place, token in blocks.tokens(XML_TOKEN):
        if not stack and place > at:
            between = view.read(at, min(place - at, 4096))
            if between.strip() or place - at > len(between):
                break
        kind = token.lastgroup if token["open"] is None else "open"
        if kind == "open" and made.closed:
            break
        at = place + len(token[0])
        match kind:
            case "open":
                _open(made, stack, token)
            case "close":
                if not stack or stack.pop() != token["close"]:
                    raise Malformed(view.offset + place, "a tag that matches")
            case "comment":
                if len(made.comments) < MOST_ROOMS:
                    made.comments.append((place + 4, len(token["comment"])))
            case "process":
                _process(made, token["process"], place)
            case "doctype":
                made.doctype = made.doctype or token["doctype"][:65_536]
        if not stack and made.root:
            made.closed = made.closed or at
            made.end = at
    if not made.closed:
        raise Malformed(view.offset, "a root that closes")
    tail = view.read(made.end, 4096)
    blank = len(tail) - len(tail.lstrip(b" \t\r\n"))
    made.end += blank if blank == len(tail) < 4096 else len(re.match(rb"\r?\n|", tail)[0])  # type: ignore[index]  # it always matches
    return made


def _open(made: Tree, stack: list[bytes], token: re.Match[bytes]) -> None:
    name = token["open"]
    made.elements += 1
    if not made.root:
        made.root, made.attributes = name.decode("utf-8", "replace")[:128], token["rest"][:4096]
    if name.rpartition(b":")[2].lower() == b"script" or re.search(rb"\son[a-z]+\s*=", token["rest"]):
        made.scripts += 1
    if not token["empty"]:
        stack.append(name)
        if len(stack) > DEEPEST:
            raise Malformed(0, f"at most {DEEPEST} nested elements")


def _process(made: Tree, raw: bytes, place: int) -> None:
    if raw.startswith(b"xml ") and place <= 3:
        made.declaration = raw[:512]
    elif len(made.processing) < MOST_ROOMS:
        made.processing.append(raw.split()[0].decode("utf-8", "replace")[:64] if raw.strip() else "")


def sniffed(view: View) -> bool:
    """Whether XML that is well-formed begins here."""
    try:
        walked(view)
    except Malformed:
        return False
    return True
