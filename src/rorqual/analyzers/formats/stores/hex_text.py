"""Memory as lines of hexadecimal digits: Intel's (":10..."), ended by ":00000001FF", and Motorola's ("S1..."), ended by
S7, S8 or S9. Each line has a checksum.

Intel, Hexadecimal Object File Format Specification, 1988; srec_cat's manual, https://srecord.sourceforge.net/. The
bytes become a child where they follow each other; gaps between addresses are not filled.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.stores import IHEX, SREC
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Codec, Extent, Hit, Malformed, Region, Said, View, frozen

LINE_MOST = 600  # characters
READ = 16 << 10
LINES_MOST = 1 << 19
_IHEX = re.compile(rb":((?:[0-9A-Fa-f]{2}){5,260})(\r\n|\n|\r|\Z)")
_SREC = re.compile(rb"S([0-9])((?:[0-9A-Fa-f]{2}){3,260})(\r\n|\n|\r|\Z)")
_BEFORE = re.compile(rb"(?::|S[0-9])[0-9A-Fa-f]{8,}[\r\n]+$")
ADDRESS = {0: 2, 1: 2, 2: 3, 3: 4, 5: 2, 6: 3, 7: 4, 8: 3, 9: 2}  # bytes of an S-record's address


@frozen
class HexText:
    """Lines of hexadecimal digits. The finding spans them."""

    tag: ClassVar[str] = "hex_text"
    kind: str  # "Intel HEX", "S-record"
    lines: int
    data_size: int  # bytes
    lowest: int | None  # address
    highest: int | None
    entry: int | None
    header: str | None  # of S-records: a name
    ended: bool  # by the line that ends them


def _follows(view: View) -> bool:
    """Whether a line of the same kind stands before: then this one is not the first."""
    before = view.sub(-LINE_MOST).read(0, LINE_MOST) if view.offset >= LINE_MOST else view.sub(-view.offset).read(
        0, view.offset
    )  # fmt: skip
    return _BEFORE.search(before[-160:]) is not None


class _Lines:
    """The lines, as they are read; `at` is where the last that was sound ended."""

    def __init__(self, view: View, form: "re.Pattern[bytes]", wanted: int) -> None:
        self._view = view
        self._form = form
        self._wanted = wanted  # low byte of the sum of a line
        self.at = 0
        self.damaged = False

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        """(kind, bytes) of each: the kind is a digit of an S-record."""
        data, start = b"", 0
        for _ in range(LINES_MOST):
            self._view.step()
            if self.at - start > len(data) - LINE_MOST:
                data, start = self._view.read(self.at, READ), self.at
            found = self._form.match(data, self.at - start)
            if found is None:
                return
            raw = bytes.fromhex(found[found.lastindex - 1].decode() if found.lastindex else "")
            if sum(raw) & 0xFF != self._wanted:
                self.damaged = True
                return
            self.at = start + found.end()
            yield (found[1] if found.lastindex == 3 else b""), raw


class IntelHex:
    """Finds Intel HEX anywhere."""

    name = "ihex"
    version = 1
    wakes_on = IHEX

    def score(self, view: View, /) -> int:
        """A whole line whose checksum holds, and none before it."""
        found = _IHEX.match(view.read(0, LINE_MOST))
        return int(found is not None and sum(bytes.fromhex(found[1].decode())) & 0xFF == 0 and not _follows(view))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        lines = _Lines(hit.view, _IHEX, 0)
        count = size = base = 0
        low: int | None = None
        high: int | None = None
        entry: int | None = None
        ended = False
        for _, raw in lines:
            length, address, kind = raw[0], int.from_bytes(raw[1:3], "big"), raw[3]
            if length != len(raw) - 5 or kind > 5:
                break
            count += 1
            value = int.from_bytes(raw[4:-1], "big")
            if kind == 0:
                first = base + address
                low = first if low is None else min(low, first)
                high = max(high or 0, first + length)
                size += length
            elif kind in (2, 4):
                base = value << (4 if kind == 2 else 16)
            elif kind in (3, 5):
                entry = value
            else:
                ended = True
                break
        if not count or (not ended and count < 4):
            raise Malformed(hit.offset, "lines that end")
        yield hit.finding(0, lines.at, HexText("Intel HEX", count, size, low, high, entry, None, ended))
        if ended:
            yield Extent(0, lines.at, "ihex", f"checksums of {count} lines hold, to the one that ends them")
            if size:
                yield Region(0, lines.at, "hex-data", Codec("ihex", decode_ihex))


class SRecord:
    """Finds S-records anywhere."""

    name = "srec"
    version = 1
    wakes_on = SREC

    def score(self, view: View, /) -> int:
        """A whole line whose checksum holds, and none before it."""
        found = _SREC.match(view.read(0, LINE_MOST))
        return int(found is not None and sum(bytes.fromhex(found[2].decode())) & 0xFF == 0xFF and not _follows(view))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        lines = _Lines(hit.view, _SREC, 0xFF)
        count = size = 0
        low: int | None = None
        high: int | None = None
        entry: int | None = None
        header: str | None = None
        ended = False
        for digit, raw in lines:
            kind = digit[0] - ord("0")
            width = ADDRESS.get(kind)
            if width is None or raw[0] != len(raw) - 1 or len(raw) < width + 2:
                break
            count += 1
            address, data = int.from_bytes(raw[1 : 1 + width], "big"), raw[1 + width : -1]
            if kind == 0:
                header = printable(data.rstrip(b"\0"))
            elif kind <= 3:
                low = address if low is None else min(low, address)
                high = max(high or 0, address + len(data))
                size += len(data)
            elif kind >= 7:
                entry, ended = address, True
                break
        if not count or (not ended and count < 4):
            raise Malformed(hit.offset, "lines that end")
        yield hit.finding(0, lines.at, HexText("S-record", count, size, low, high, entry, header, ended))
        if ended:
            yield Extent(0, lines.at, "srec", f"checksums of {count} lines hold, to the one that ends them")
            if size:
                yield Region(0, lines.at, "hex-data", Codec("srec", decode_srec))


def decode_ihex(view: View) -> Iterator[bytes]:
    """The data, in the order of the lines."""
    for _, raw in _Lines(view, _IHEX, 0):
        if raw[3] == 0 and len(raw) > 5:
            yield raw[4:-1]
        elif raw[3] == 1:
            return


def decode_srec(view: View) -> Iterator[bytes]:
    """The data, in the order of the lines."""
    for digit, raw in _Lines(view, _SREC, 0xFF):
        kind = digit[0] - ord("0")
        if 1 <= kind <= 3 and len(raw) > 2 + ADDRESS[kind]:
            yield raw[1 + ADDRESS[kind] : -1]
        elif kind >= 7:
            return
