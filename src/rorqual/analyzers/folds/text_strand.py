"""One reading of a source as a Unicode encoding: a monoid over consecutive bytes.

A strand knows where it breaks, whatever the cuts: bytes at its start that may end a character of its left
neighbour are kept in `lead`, an unfinished character at its end in `tail`, and a merge joins the two. What
lies between is decoded by the codecs of the standard library or a kernel (RFC 3629, Unicode 15 chapter 3.9), which
reject overlong forms, lone surrogates and numbers beyond U+10FFFF.
"""

import codecs
from collections.abc import Callable
from typing import NamedTuple, Self

from rorqual.sdk import utf8_prefix

ODD = tuple(map(chr, (*range(7), *range(14, 26), *range(28, 32), 127, 0xFFFE, 0xFFFF)))  # text has none of them


class Encoding(NamedTuple):
    """An encoding by its IANA name, its unit in bytes, and a decoder that leaves an unfinished end alone."""

    name: str
    unit: int
    decode: Callable[[bytes], tuple[str, int]]
    bom: bytes


def _utf8(data: bytes) -> tuple[str, int]:
    """As the codec does, but without the text: nobody asks for it, and it takes the longest."""
    used, broken = utf8_prefix(data)
    if broken:
        raise UnicodeDecodeError("utf-8", data, used, used + 1, "no character")
    return "", used


UTF8 = Encoding("utf-8", 1, _utf8, b"\xef\xbb\xbf")
WIDE = (
    Encoding("utf-32le", 4, lambda data: codecs.utf_32_le_decode(data, "strict", False), b"\xff\xfe\0\0"),
    Encoding("utf-32be", 4, lambda data: codecs.utf_32_be_decode(data, "strict", False), b"\0\0\xfe\xff"),
    Encoding("utf-16le", 2, lambda data: codecs.utf_16_le_decode(data, "strict", False), b"\xff\xfe"),
    Encoding("utf-16be", 2, lambda data: codecs.utf_16_be_decode(data, "strict", False), b"\xfe\xff"),
)


class Breaks:
    """Line ends of consecutive characters, and the pairs that a cut would hide."""

    __slots__ = ("cr", "crlf", "first", "last", "lf")

    def __init__(self) -> None:
        self.lf = self.cr = self.crlf = 0
        self.first = self.last = -1  # code points

    def add(self, first: int, last: int, *, lf: int, cr: int, crlf: int) -> None:
        """Takes in a piece that begins where self ended."""
        self.lf, self.cr = self.lf + lf, self.cr + cr
        self.crlf += crlf + (self.last == 13 and first == 10)
        self.first = first if self.first < 0 else self.first
        self.last = last

    def merge(self, later: "Breaks") -> None:
        """Takes in `later`, which begins where self ended."""
        if later.first >= 0:
            self.add(later.first, later.last, lf=later.lf, cr=later.cr, crlf=later.crlf)


class Strand:
    """Whether consecutive bytes are valid, and of the wide encodings what characters they are."""

    __slots__ = ("blanks", "breaks", "broken", "chars", "encoding", "latin", "lead", "synced", "tail")

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.lead = b""  # may end a character that began before
        self.synced = False  # False: all bytes so far are in `lead`
        self.tail = b""  # begins a character that goes on
        self.broken: int | None = None  # the offset of the first byte that is no character
        self.chars = self.latin = self.blanks = 0  # counted for the wide encodings only
        self.breaks = Breaks()

    def feed(self, offset: int, data: bytes) -> None:
        """Takes in `data` at `offset` of the source."""
        if self.broken is not None:
            return
        if not self.synced:
            data, offset = self.lead + data, offset - len(self.lead)
            size = self._lead(offset, data)
            if size < 0:
                self.lead = data
                return
            self.lead, self.synced = data[:size], True
            data, offset = data[size:], offset + size
        if self.tail:
            data, offset = self.tail + data, offset - len(self.tail)
        elif self.encoding.unit == 1 and data.isascii():
            return
        try:
            text, used = self.encoding.decode(data)
        except UnicodeDecodeError as error:
            self.broken, self.tail = offset + error.start, b""
            return
        self.tail = data[used:]
        if text:
            self._count(offset, text)

    def _lead(self, offset: int, data: bytes) -> int:
        """How many of the first bytes may end a character that began before; -1: it takes more to tell."""
        unit = self.encoding.unit
        if offset == 0:
            return 0
        if unit == 1:
            count = next((at for at, byte in enumerate(data[:3]) if byte & 0xC0 != 0x80), len(data[:3]))
            return count if count < len(data) or count == 3 else -1
        skip = -offset % unit
        if unit == 4:
            return skip if len(data) >= skip else -1
        if len(data) < skip + 2:
            return -1
        high = data[skip + (self.encoding.name == "utf-16le")]
        return skip + (2 if 0xDC <= high <= 0xDF else 0)

    def _count(self, offset: int, text: str) -> None:
        if any(character in text for character in ODD):
            self.broken, self.tail = offset, b""
            return
        self.chars += len(text)
        self.latin += len(text) if text.isascii() else len(text.encode("latin-1", "ignore"))
        lf = text.count("\n")
        self.blanks += lf + text.count(" ")
        crs = text.count("\r")
        self.breaks.add(ord(text[0]), ord(text[-1]), lf=lf, cr=crs, crlf=text.count("\r\n") if crs else 0)

    def merge(self, offset: int, later: Self) -> None:
        """Takes in `later`, which begins at `offset`, where self ended."""
        self.feed(offset, later.lead)
        if self.broken is not None or not later.synced:
            return
        if self.tail:
            self.broken, self.tail = offset + len(later.lead) - len(self.tail), b""
            return
        self.synced = True
        self.broken, self.tail = later.broken, later.tail
        self.chars, self.latin, self.blanks = (
            self.chars + later.chars,
            self.latin + later.latin,
            self.blanks + later.blanks,
        )
        self.breaks.merge(later.breaks)
