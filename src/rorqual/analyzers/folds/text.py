"""Whether the whole source is text, in which encoding, and how its lines end.

ASCII and UTF-8 (with a byte order mark or without), UTF-16 and UTF-32 (by their mark, or by Latin letters
and blanks in every second or fourth byte), else an 8-bit encoding: ISO 8859-1 where no byte of 0x80 to 0x9f
occurs, windows-1252 where only those it assigns do, else unknown-8bit (RFC 1428: Shift JIS, Big5, KOI8 and
the like are not told apart). UTF-7 and ISO 2022 are ASCII here.

Text has no NUL in its encoding, and of other control characters (all but 7 to 13, SUB and ESC) at most one
in ODD_SHARE bytes. UTF-8 that breaks once is an 8-bit encoding, and `breaks_at` says where it breaks; only
a character cut off by the end of the source leaves the encoding as it is.

A binary costs next to nothing: its first NUL ends the 8-bit readings, its first lone surrogate, control
character or 64 KiB without NUL the wide ones, and then no byte is looked at any more.
"""

from collections.abc import Iterator
from typing import ClassVar, Self

from rorqual.analyzers.folds.text_strand import UTF8, WIDE, Breaks, Strand
from rorqual.sdk import Finding, Histogram, Place, Window, byte_counts, crlf_pairs, frozen

SLICE = 1 << 16
MAX_RUN = 1 << 16  # UTF-16 has a blank, a line end or another character with a zero byte more often
ODD_SHARE = 1000
ODD = (*range(1, 7), *range(14, 26), *range(28, 32), 127)
UNASSIGNED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # in windows-1252
LATIN_SHARE = 3  # at most every third letter of a Latin script bears an accent, in short texts too
LONGEST = 64  # bytes between two blanks, on average
TELLING = 256  # fewer bytes of another alphabet are as likely to be anything


@frozen
class Text:
    """The whole source is text."""

    tag: ClassVar[str] = "text"
    encoding: str  # IANA name in lower case
    bom: bool
    lines: int  # a last one without an end counts
    line_ending: str  # lf, crlf, cr, mixed, none
    lf: int  # alone, and so on
    crlf: int
    cr: int
    controls: int  # odd ones, which text should not have
    breaks_at: int | None  # the first byte that is not UTF-8, or of a character that the end cuts off


class TextFold:
    """All readings of the source at once; those that fail are dropped."""

    name = "text"
    version = 1
    sequential: ClassVar[bool] = False

    __slots__ = (
        "breaks",
        "end",
        "first",
        "histogram",
        "lead",
        "narrow",
        "run",
        "start",
        "utf8",
        "wide",
        "zeros",
    )

    def __init__(self) -> None:
        self.start = self.end = 0
        self.first = b""  # at most 4 bytes
        self.narrow = True  # one byte or more a character, no NUL: ASCII, UTF-8, 8-bit
        self.histogram: Histogram = 0  # of narrow text
        self.breaks = Breaks()  # the pairs only; the rest is in the histogram
        self.utf8 = Strand(UTF8)
        self.wide = tuple(Strand(encoding) for encoding in WIDE)
        self.zeros = False  # whether there was a NUL
        self.lead = self.run = 0  # bytes without NUL at the start and at the end

    def fresh(self) -> Self:
        """An unfed instance."""
        return type(self)()

    def feed(self, window: Window, /) -> None:
        """Takes in the window, which begins where self ended."""
        data = window.data
        if self.start == self.end:
            self.start = window.offset
        if len(self.first) < 4:
            self.first += bytes(data[: 4 - len(self.first)])
        self.end = window.end
        for at in range(0, len(data), SLICE):
            if not self.narrow and not self.wide:
                return
            self._take(window.offset + at, bytes(data[at : at + SLICE]))
        if self.narrow:
            self.histogram += sum(window.pieces())

    def _take(self, offset: int, data: bytes) -> None:
        zero = data.find(0)
        if zero >= 0:
            self._no_longer_narrow()
        if self.narrow:
            self.utf8.feed(offset, data)
            pairs = crlf_pairs(data) if 13 in data else 0
            self.breaks.add(data[0], data[-1], lf=0, cr=0, crlf=pairs)
        if self.wide:
            self._spaced(zero, data)
        for strand in self.wide:
            strand.feed(offset, data)
        if self.wide:
            self.wide = tuple(strand for strand in self.wide if strand.broken is None)

    def _spaced(self, zero: int, data: bytes) -> None:
        """Ends the wide readings where too many bytes in a row are not zero."""
        if zero < 0:
            self.run += len(data)
            self.lead += 0 if self.zeros else len(data)
        else:
            self.run += zero
            self.lead += 0 if self.zeros else zero
            self.zeros = True
            if self.run <= MAX_RUN:
                self.run = len(data) - 1 - data.rfind(0)
        if self.run > MAX_RUN:
            self._no_longer_wide()

    def _no_longer_narrow(self) -> None:
        self.narrow, self.histogram, self.breaks, self.utf8 = False, 0, Breaks(), Strand(UTF8)

    def _no_longer_wide(self) -> None:
        self.wide, self.zeros, self.lead, self.run = (), False, 0, 0

    def merge(self, later: Self, /) -> None:
        """Takes in `later`, which begins where self ended."""
        if later.start == later.end:
            return
        if self.start == self.end:
            for field in self.__slots__:
                setattr(self, field, getattr(later, field))
            return
        offset, self.end = self.end, later.end
        self.first = (self.first + later.first)[:4]
        if self.narrow and later.narrow:
            self.histogram += later.histogram
            self.breaks.merge(later.breaks)
            self.utf8.merge(offset, later.utf8)
        elif self.narrow:
            self._no_longer_narrow()
        theirs = {strand.encoding.name: strand for strand in later.wide}
        mine = [strand for strand in self.wide if strand.encoding.name in theirs]
        for strand in mine:
            strand.merge(offset, theirs[strand.encoding.name])
        self.wide = tuple(strand for strand in mine if strand.broken is None)
        if self.run + later.lead > MAX_RUN:
            self._no_longer_wide()
        self.lead += 0 if self.zeros else later.lead
        self.run = later.run if later.zeros else self.run + later.run
        self.zeros = self.zeros or later.zeros

    def drain(self, place: Place, /) -> Iterator[Finding]:
        """Nothing is certain before the end."""
        yield from ()

    def finish(self, place: Place, /) -> Iterator[Finding]:
        """One Text, if it is one."""
        if self.start == self.end:
            return
        body = self._wide_text() or (self._narrow_text() if self.narrow else None)
        if body is not None:
            yield Finding(place, self.start, self.end - self.start, self.name, body)

    def _wide_text(self) -> Text | None:
        for strand in self.wide:
            bom = self.first.startswith(strand.encoding.bom)
            whole = not strand.tail and strand.blanks > 0 and strand.latin * 2 >= strand.chars
            if bom or whole:
                cut = self.end - len(strand.tail) if strand.tail else None
                return _text(strand.encoding.name, strand.breaks, bom=bom, breaks_at=cut)
        return None

    def _narrow_text(self) -> Text | None:
        counts, size = byte_counts(self.histogram), self.end - self.start
        odd, high = sum(counts[value] for value in ODD), sum(counts[0x80:])
        if odd * ODD_SHARE > size:
            return None
        self.breaks.lf, self.breaks.cr = counts[10], counts[13]
        strand = self.utf8
        cut = self.end - len(strand.tail) if strand.tail else strand.broken
        if not high:
            return _text("us-ascii", self.breaks, controls=odd)
        if strand.broken is None and (high > len(strand.tail) or (high > 1 and size > 8)):
            return _text("utf-8", self.breaks, bom=self.first.startswith(UTF8.bom), controls=odd, breaks_at=cut)
        blanks = counts[9] + counts[10] + counts[13] + counts[32]
        if blanks * LONGEST < size:
            return None
        latin = high * LATIN_SHARE <= size
        if latin and not sum(counts[0x80:0xA0]):
            encoding = "iso-8859-1"
        elif latin and not any(counts[value] for value in UNASSIGNED):
            encoding = "windows-1252"
        elif size >= TELLING:
            encoding = "unknown-8bit"
        else:
            return None
        return _text(encoding, self.breaks, controls=odd, breaks_at=cut)


def _text(encoding: str, breaks: Breaks, *, bom: bool = False, controls: int = 0, breaks_at: int | None = None) -> Text:
    crlf = breaks.crlf
    lf, cr = breaks.lf - crlf, breaks.cr - crlf
    kinds = [name for name, count in (("lf", lf), ("crlf", crlf), ("cr", cr)) if count]
    return Text(
        encoding=encoding,
        bom=bom,
        lines=lf + cr + crlf + (breaks.last not in (10, 13, -1)),
        line_ending=kinds[0] if len(kinds) == 1 else "mixed" if kinds else "none",
        lf=lf,
        crlf=crlf,
        cr=cr,
        controls=controls,
        breaks_at=breaks_at,
    )
