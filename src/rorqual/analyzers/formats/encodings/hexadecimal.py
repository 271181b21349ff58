"""Hexadecimal digits in any source, told by what magic numbers look like in them.

Plain digits, with spaces or line breaks between, and bytes written as \\x41 or 0x41 with commas between. A run of
plain digits may have the magic number further in; other forms must begin with it.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from rorqual.analyzers.formats.encoded_magic import BINARY, FIRST, earliest, hex_anywhere, of_hexadecimal
from rorqual.analyzers.formats.encodings.proof import EncodedRun, kind_of
from rorqual.analyzers.formats.encodings.runs import back_start
from rorqual.sdk import Anchor, Codec, Hit, Malformed, Region, Said, View

LEAST = 32  # bytes written
MOST_MEASURED = 32 << 20
LOOKED = 4096
BLOCK = 64 << 10
FIRST_READ = 1 << 10
LAP = 48  # bytes: no byte is written longer, with what parts it from the next
BACKS = (2 << 10, 8 << 10, 32 << 10)
NEAR = 512
_LINE = rb"[ \t]{0,8}\r?\n[ \t]{0,16}"
_FORMS = {  # by what stands before each byte; what parts bytes may be left out
    b"": re.compile(rb"(?:(?:%s|(?:\\r)?\\n)?(?:[0-9A-Fa-f]{2})+)+" % _LINE),
    b"\\x": re.compile(rb"(?:[\"']?(?:[ \t]{0,4}[.+])?(?:[ \t]{0,4}\\?%s)?b?[\"']?(?:\\x[0-9A-Fa-f]{2})+)+" % _LINE),
    b"0x": re.compile(rb"(?:[ \t]{0,4}(?:%s)?,?[ \t]{0,4}(?:%s)?0x[0-9A-Fa-f]{2})+" % (_LINE, _LINE)),
}
_PAIRS = {
    b"\\x": re.compile(rb"\\x([0-9A-Fa-f]{2})"),
    b"0x": re.compile(rb"0x([0-9A-Fa-f]{2})"),
}
_DIGITS = re.compile(rb"[0-9A-Fa-f]*")
_NOT_HEX = bytes(byte for byte in range(256) if byte not in b"0123456789abcdefABCDEF")
_WRITTEN = re.compile(rb"x[0-9A-Fa-f]{2}[\"',\s\\]*\Z")  # a byte before
_NO_HEX = bytes(byte not in b"0123456789abcdefABCDEF \t\r\n" for byte in range(256))
AT_FIRST = tuple((magic.hex().encode(), label) for label, magic in FIRST)
LABELS = (*((magic.hex().encode(), label) for label, magic in BINARY), *AT_FIRST)


class Hexadecimal:
    """Finds what is written in hexadecimal digits."""

    name = "hex"
    version = 1
    wakes_on: ClassVar[tuple[Anchor, ...]] = of_hexadecimal()

    def score(self, view: View, /) -> int:
        """More bytes are written behind; none before what counts at a beginning only, nor one that tells of it."""
        head = view.read(0, 6 * LEAST)
        form = _form(head)
        found = _FORMS[form].match(head)
        if found is None or _count(found[0], form) < min(LEAST, 24):
            return 0
        near = view.sub(-min(NEAR, view.offset)).read(0, min(NEAR, view.offset))
        if form:
            return int(not _WRITTEN.search(near[-LAP:]))
        start = _back(near, whole=True, ahead=_ahead(head)) or 0
        if not near[start:].translate(None, _NOT_HEX):
            return 2
        tells = head.lower().startswith(hex_anywhere())
        return int(tells and earliest(near.lower(), start, hex_anywhere()) is None)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        form = _form(hit.view.read(0, 8))
        back = 0 if form else _beginning(hit.view)
        view = hit.view.sub(-back)
        if back and _first(view, form).startswith(tuple(magic for magic, _ in AT_FIRST)):
            raise Malformed(view.offset, "the first that tells of a run")
        label = next((label for magic, label in LABELS if _first(hit.view, form).startswith(magic)), "magic number")
        size, count, lines = 0, 0, 1
        head = b""
        for end, raw in _pieces(view, form):
            view.step(1 + len(raw) // 4096)
            piece = _bytes(raw, form)
            head = head if len(head) >= LOOKED else head + piece
            size, count, lines = end, count + len(piece), lines + raw.count(b"\n")
            if count > MOST_MEASURED:
                break
        if count < LEAST:
            raise Malformed(view.offset, f"{LEAST} bytes in hexadecimal digits")
        yield hit.finding(-back, size, EncodedRun("hex", kind_of(head[:LOOKED]), count, lines, label))
        yield Region(-back, None, "encoded", Codec("hex", partial(decode, form)))


def decode(form: bytes, view: View) -> Iterator[bytes]:
    """The bytes that the run at the view's start writes."""
    for _, raw in _pieces(view, form):
        if piece := _bytes(raw, form):
            yield piece


def _ahead(head: bytes) -> int:
    """Digits up to the end of the line."""
    line = _DIGITS.match(head)
    return len(line[0]) if line else 0


def _back(data: bytes, *, whole: bool, ahead: int) -> int | None:
    """Where the run of plain digits that ends with `data` begins in it; None where it may begin before."""
    start = back_start(data, whole=True, ahead=ahead) or 0
    start += data[start:].translate(_NO_HEX).rfind(b"\1") + 1
    return start if start or whole else None


def _form(head: bytes) -> bytes:
    return b"\\x" if head.startswith(b"\\x") else b"0x" if head.startswith(b"0x") else b""


def _first(view: View, form: bytes) -> bytes:
    found = _FORMS[form].match(view.read(0, 96))
    return _bytes(found[0], form)[:12].hex().encode() if found else b""


def _count(raw: bytes, form: bytes) -> int:
    return len(_bytes(raw, form))


def _bytes(raw: bytes, form: bytes) -> bytes:
    digits = raw.translate(None, _NOT_HEX) if not form else b"".join(_PAIRS[form].findall(raw))
    return bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))


def _pieces(view: View, form: bytes) -> Iterator[tuple[int, bytes]]:
    """Where a piece of the run ends, and the piece: whole bytes, with what parts them."""
    at, size = 0, FIRST_READ
    while True:
        data = view.read(at, size)
        found = _FORMS[form].match(data)
        if found is None:
            return
        if len(data) == size and len(data) - found.end() < LAP:  # it may go on
            found = _FORMS[form].match(data, 0, len(data) - LAP)
            if found is None:
                return
            at += found.end()
            size = min(BLOCK, 4 * size)
            yield at, found[0]
            continue
        yield at + found.end(), found[0]
        return


def _beginning(view: View) -> int:
    """How many bytes before the view's start the run of plain digits begins."""
    ahead = _ahead(view.read(0, 1024))
    for size in BACKS:
        there = min(size, view.offset)
        data = view.sub(-there).read(0, there)
        start = _back(data, whole=there < size, ahead=ahead)
        found = earliest((data + view.read(0, 32)).lower(), start or 0, hex_anywhere())
        if found is not None and found < len(data):
            raise Malformed(view.offset, "the first that tells of a run")
        if start is not None:
            text = data[start:].lstrip(b" \t\r\n")
            return len(text) - len(text.translate(None, _NOT_HEX)) % 2
    raise Malformed(view.offset, "the beginning of a run")
