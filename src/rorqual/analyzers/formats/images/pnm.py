"""Portable anymaps (PBM, PGM, PPM, PAM, plain or raw) and float maps: a text header, then samples.

https://netpbm.sourceforge.net/doc/. The end is that of the last sample; plain samples with the blanks behind them.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEAD = 4096  # bytes of a header, with comments
TOKEN = re.compile(rb"(?:[ \t\n\r\v\f]|#[^\n\r]*[\n\r])*([^ \t\n\r\v\f#]+)")
COMMENT = re.compile(rb"#([^\n\r]*)")
PAM_FIELD = re.compile(rb"(WIDTH|HEIGHT|DEPTH|MAXVAL|TUPLTYPE)[ \t]+([^\n]*)")
FORMATS = {0x31: "pbm", 0x32: "pgm", 0x33: "ppm", 0x34: "pbm", 0x35: "pgm", 0x36: "ppm"}
BLANKS = b" \t\n\r\v\f"
READ = 64 << 10
LONGEST_SIDE = 1 << 24


@frozen
class PNMImage:
    """An image; the finding spans header and samples, as far as they are there."""

    tag: ClassVar[str] = "pnm_image"
    kind: str  # "P1" to "P7", "Pf" or "PF"
    width: int
    height: int
    samples: int  # of a pixel
    most: int  # the value of full brightness; 1 for bitmaps
    tuples: str | None  # what a PAM calls its samples
    comment: str | None


class PNM:
    """Finds portable anymaps anywhere."""

    name = "pnm"
    version = 1
    wakes_on = (
        Anchor(rb"P[1-6][\x09\x0a\x0d\x20][1-9][0-9\x09\x0a\x0d\x20]{3}"),
        Anchor(rb"P[1-6][\x0a\x0d]#[\x00-\xff]{4}"),
        Anchor(rb"P7\x0a[WHDMT#][IEAU ]"),
        Anchor(rb"P[fF]\x0a[1-9][0-9 \x0a][0-9 \x0a]"),
    )

    def score(self, view: View, /) -> int:
        """Numbers stand in the header."""
        head = view.read(0, 64)
        if head[1:2] in (b"7", b"f", b"F") or b"#" in head:
            return 1
        words = head[2:].split()
        return int(len(words) > 1 and all(word.isdigit() for word in words[: 1 if head[1] in b"14" else 2]))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        head = hit.view.read(0, HEAD)
        body, at = _pam(head, hit.offset) if head[1:2] == b"7" else _header(head, hit.offset)
        comments = [(one.start(1), one.end(1)) for one in COMMENT.finditer(head, 0, at)]
        if comments:
            body = PNMImage(*_fields(body), comment=latin(head[slice(*comments[0])]) or None)
        count = body.width * body.height * body.samples
        format = FORMATS.get(head[1], "pam" if head[1] == 0x37 else "pfm")
        found = Found(format)
        for start, end in comments:
            found.room(start, end - start, "comment")
        if head[1:2] in b"123":
            end = _plain_end(hit.view, at, count, found, bits=head[1] == 0x31)
            complete = end >= 0
        else:
            row = (body.width + 7) // 8 if head[1] == 0x34 else body.width * body.samples * _width(body)
            end = at + row * body.height
            present = hit.view.within(at, row * body.height)
            complete, end = at + present == end, at + present
        if end < at:
            raise Malformed(hit.offset + at, f"{count} samples")
        yield hit.finding(0, end, body)
        if complete:
            yield Extent(0, end, format, f"a header and {count} samples")
            yield from found.said(hit)


def _fields(body: PNMImage) -> tuple[str, int, int, int, int, str | None]:
    return body.kind, body.width, body.height, body.samples, body.most, body.tuples


def _width(body: PNMImage) -> int:
    """Bytes of a sample."""
    if body.kind in ("Pf", "PF"):
        return 4
    return 2 if body.most > 255 else 1


def _header(head: bytes, offset: int) -> tuple[PNMImage, int]:
    """The fields, and where the samples begin: one blank behind the last number."""
    wanted, at, words = 2 if head[1] in b"14" else 3, 2, []
    for _ in range(wanted):
        met = TOKEN.match(head, at)
        if met is None or met.start(1) == at:
            raise Malformed(offset + at, "a number in the header")
        words.append(met[1])
        at = met.end()
    if head[at : at + 1] not in tuple(bytes([blank]) for blank in BLANKS):
        raise Malformed(offset + at, "a blank behind the header")
    kind = head[:2].decode()
    if not all(word.isdigit() and len(word) < 9 for word in words[:2]):
        raise Malformed(offset + 2, "sides of a picture")
    width, height = int(words[0]), int(words[1])
    most = 1
    if kind in ("Pf", "PF"):
        if not re.fullmatch(rb"-?\d+(\.\d+)?", words[2]) or not words[2].strip(b"-0."):
            raise Malformed(offset + 2, "a scale")
    elif wanted == 3:
        if not words[2].isdigit() or not 0 < int(words[2][:6]) <= 65_535 or len(words[2]) > 5:
            raise Malformed(offset + 2, "a value of full brightness up to 65,535")
        most = int(words[2])
    if not 0 < width < LONGEST_SIDE or not 0 < height < LONGEST_SIDE:
        raise Malformed(offset + 2, "sides of a picture")
    samples = 3 if kind in ("P3", "P6", "PF") else 1
    return PNMImage(kind, width, height, samples, most, None, None), at + 1


def _pam(head: bytes, offset: int) -> tuple[PNMImage, int]:
    """The same for a header of named fields."""
    end = head.find(b"\nENDHDR\n")
    fields = dict(PAM_FIELD.findall(head[: max(end, 0)]))
    numbers = [fields.get(name, b"").strip() for name in (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL")]
    if end < 0 or not all(number.isdigit() and len(number) < 9 and int(number) for number in numbers):
        raise Malformed(offset, "the fields of a PAM header")
    width, height, depth, most = map(int, numbers)
    if most > 65_535 or depth > 65_535:
        raise Malformed(offset, "a depth and a value of full brightness up to 65,535")
    return PNMImage("P7", width, height, depth, most, latin(fields.get(b"TUPLTYPE", b"")) or None, None), end + 8


def _plain_end(view: View, at: int, count: int, found: Found, *, bits: bool) -> int:
    """Where the samples in digits end, with the blanks behind; -1 where they break off."""
    word = re.compile(rb"[01]|#[^\n\r]*" if bits else rb"[0-9]+|#[^\n\r]*")
    sound = re.compile(rb"[0-9 \t\n\r\v\f]*(?:#[^\n\r]*[\n\r][0-9 \t\n\r\v\f]*)*")
    while count:
        data = view.read(at, READ)
        last = len(data) < READ
        met = sound.match(data)
        usable = met.end() if met else 0
        if not last:  # a word that the border may cut waits for the next block
            cut = max(data.rfind(blank, 0, usable) for blank in (b" ", b"\n", b"\t", b"\r"))
            usable = min(usable, cut + 1) if usable == len(data) else usable
        if not usable:
            return -1
        view.step(usable // 16 + 1)
        for one in word.finditer(data, 0, usable):
            if one[0][:1] == b"#":
                found.room(at + one.start() + 1, one.end() - one.start() - 1, "comment")
                continue
            count -= 1
            if not count:
                end = at + one.end()
                rest = view.read(end, 256)
                return end + len(rest) - len(rest.lstrip(BLANKS))
        if last or (met and met.end() < len(data) and usable == met.end()):
            return -1
        at += usable
    return at
