"""DER: every value is a tag, a length and so many bytes; the bytes of a constructed value are values again.

ITU-T X.690. Nothing is decoded before it is asked for, so depth is that of the schema that asks, not of the bytes.
Tags above 30 and the indefinite lengths of BER, which Authenticode forbids, are Malformed.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from rorqual.sdk import Malformed

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OID = 0x01, 0x02, 0x03, 0x04, 0x06
UTF8_STRING, UTC_TIME, GENERALIZED_TIME, UNIVERSAL_STRING, BMP_STRING = 0x0C, 0x17, 0x18, 0x1C, 0x1E
SEQUENCE, SET = 0x30, 0x31

CHILDREN_MAX = 4096  # values of one: the lists of signatures have two to ten
OID_MAX = 64  # bytes; those that are registered take a third of it
TEXT_MAX = 1024  # characters of a text that are told; X.520 allows 64 to a name
_CODECS = {UTF8_STRING: "utf-8", BMP_STRING: "utf-16-be", UNIVERSAL_STRING: "utf-32-be"}
_TIME = re.compile(rb"(\d{10})(\d\d)?(?:[.,]\d{1,9})?(?:Z|([+-])(\d\d)(\d\d))")


def context(number: int) -> int:
    """The tag of a constructed value that its schema marks [number]."""
    return 0xA0 | number


def primitive(number: int) -> int:
    """The tag of a value in place of a primitive type that its schema marks [number]."""
    return 0x80 | number


class Der:
    """Bytes that hold DER: `offset` is their place in the source, `step` pays for so many turns of a loop."""

    __slots__ = ("data", "offset", "step")

    def __init__(self, data: bytes, offset: int, step: Callable[[int], None]) -> None:
        self.data = data
        self.offset = offset
        self.step = step

    def value(self, at: int = 0, end: int | None = None) -> "Value":
        """The value at `at`, which ends before `end`.

        Raises:
            Malformed: there is none.
        """
        self.step(2)
        data, end = self.data, len(self.data) if end is None else end
        if end - at < 2 or data[at] & 0x1F == 0x1F:
            raise Malformed(self.offset + at, "a DER tag below 31 and a length")
        size, start = data[at + 1], at + 2
        if size >= 0x80:
            start += size & 0x7F
            if not 1 <= size & 0x7F <= 4 or start > end:
                raise Malformed(self.offset + at + 1, "a DER length of at most four bytes")
            size = int.from_bytes(data[at + 2 : start], "big")
        if size > end - start:
            raise Malformed(self.offset + at, f"{size:#x} bytes of DER, room for {end - start:#x}")
        return Value(self, at, start, start + size)


class Value:
    """A tag, a length and the bytes from `start` to `end`; the whole begins at `at`."""

    __slots__ = ("at", "der", "end", "start", "tag")

    def __init__(self, der: Der, at: int, start: int, end: int) -> None:
        self.der = der
        self.tag = der.data[at]
        self.at = at
        self.start = start
        self.end = end

    @property
    def offset(self) -> int:
        """Where in the source the whole begins."""
        return self.der.offset + self.at

    @property
    def size(self) -> int:
        """Bytes of the whole."""
        return self.end - self.at

    @property
    def content(self) -> bytes:
        """The bytes behind tag and length."""
        return self.der.data[self.start : self.end]

    @property
    def raw(self) -> bytes:
        """Tag, length and bytes."""
        return self.der.data[self.at : self.end]

    def tagged(self, *tags: int) -> "Value":
        """Itself.

        Raises:
            Malformed: it has none of these tags.
        """
        if self.tag not in tags:
            raise Malformed(self.offset, f"DER tag {' or '.join(map(hex, tags))}, found {self.tag:#x}")
        return self

    def children(self) -> "list[Value]":
        """The values inside.

        Raises:
            Malformed: its bytes are not values from the first to the last, or more than CHILDREN_MAX.
        """
        found: list[Value] = []
        at = self.start
        while at < self.end:
            if len(found) == CHILDREN_MAX:
                raise Malformed(self.offset, f"at most {CHILDREN_MAX} values in one")
            value = self.der.value(at, self.end)
            found.append(value)
            at = value.end
        return found

    def parts(self, least: int) -> "list[Value]":
        """The values inside a SEQUENCE.

        Raises:
            Malformed: it is none, or holds fewer than `least`.
        """
        found = self.tagged(SEQUENCE).children()
        if len(found) < least:
            raise Malformed(self.offset, f"a SEQUENCE of {least} values, found {len(found)}")
        return found

    def only(self) -> "Value":
        """The first value inside, whatever the tag around it."""
        return self.der.value(self.start, self.end)

    def number(self, most: int = 8) -> int:
        """An INTEGER that is not negative, of at most `most` bytes.

        Raises:
            Malformed: it is none.
        """
        content = self.tagged(INTEGER).content
        if not content or content[0] >= 0x80 or len(content) > most + 1:
            raise Malformed(self.offset, f"an INTEGER of at most {most} bytes, not negative")
        return int.from_bytes(content, "big")

    def oid(self) -> str:
        """An OBJECT IDENTIFIER as numbers and dots.

        Raises:
            Malformed: it is none.
        """
        content = self.tagged(OID).content
        if not content or len(content) > OID_MAX or content[-1] >= 0x80:
            raise Malformed(self.offset, f"an OBJECT IDENTIFIER of at most {OID_MAX} bytes")
        arcs, arc = [], 0
        for byte in content:
            arc = arc << 7 | byte & 0x7F
            if byte < 0x80:
                arcs.append(arc)
                arc = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))

    def bits(self) -> bytes:
        """The bytes of a BIT STRING that is made of whole ones.

        Raises:
            Malformed: it is none.
        """
        content = self.tagged(BIT_STRING).content
        if not content.startswith(b"\0"):
            raise Malformed(self.offset, "a BIT STRING of whole bytes")
        return content[1:]

    def time(self) -> str:
        """A UTCTime or GeneralizedTime, to the second, as "2020-09-13T12:26:40Z".

        Raises:
            Malformed: it is none, or no such time exists.
        """
        content = self.tagged(UTC_TIME, GENERALIZED_TIME).content
        if self.tag == UTC_TIME:
            content = (b"20" if content[:2] < b"50" else b"19") + content  # RFC 5280, 4.1.2.5.1
        found = _TIME.fullmatch(content[2:])
        if found is None:
            raise Malformed(self.offset, "a time")
        digits, seconds, sign, hours, minutes = found.groups(b"00")
        text = content[:2] + digits + seconds
        try:
            month, day, hour, minute, second = (int(text[at : at + 2]) for at in range(4, 14, 2))
            moment = datetime(int(text[:4]), month, day, hour, minute, second)
            if sign != b"00":
                ahead = timedelta(hours=int(hours), minutes=int(minutes))
                moment += ahead if sign == b"-" else -ahead
        except (ValueError, OverflowError):  # the 31st of February, an hour before the year 1
            raise Malformed(self.offset, "a time that exists") from None
        return moment.isoformat() + "Z"

    def text(self, codec: str | None = None) -> str:
        """A string of any type, printable; by the tag where no codec is given."""
        return printable(self.content, codec or _CODECS.get(self.tag, "latin-1"))


def printable(content: bytes, codec: str) -> str:
    """Text in which nothing steers a terminal: what is not printable is written as Python does."""
    wide = {"utf-16-be": 2, "utf-32-be": 4}.get(codec, 1)
    text = content[: (TEXT_MAX + 1) * wide].decode(codec, "replace")
    if text.isprintable() and len(text) <= TEXT_MAX:
        return text
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text[:TEXT_MAX])
    return shown + "…" if len(text) > TEXT_MAX else shown
