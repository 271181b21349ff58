"""Properties of a document in its summary stream ([MS-OLEPS]), and a message's compressed text ([MS-OXRTFCP])."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from rorqual.sdk import Malformed

MOST_PROPERTIES = 64
LONGEST = 256  # characters
TEXT, WIDE, TIME, SHORT, INT = 30, 31, 64, 2, 3
NAMES = {
    2: "title",
    3: "subject",
    4: "author",
    5: "keywords",
    6: "comments",
    7: "template",
    8: "saved_by",
    12: "created",
    13: "saved",
    18: "application",
}
DAY_ONE = datetime(1601, 1, 1, tzinfo=UTC)
LZFU, RAW = b"LZFu", b"MELA"
DICTIONARY = 4096
PRELOAD = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans "
    rb"SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def summary(data: bytes) -> dict[str, str]:
    """Texts and times of the first set, by name; whatever is out of place is left out."""
    made: dict[str, str] = {}
    if data[:2] != b"\xfe\xff" or len(data) < 48:
        return made
    start = _int(data, 44)
    count = min(_int(data, start + 4), MOST_PROPERTIES)
    code_page = 1252
    for at in range(start + 8, start + 8 + 8 * count, 8):
        number, value = _int(data, at), start + _int(data, at + 4)
        kind = _int(data, value) & 0xFFFF
        if number == 1 and kind == SHORT:
            code_page = int.from_bytes(data[value + 4 : value + 6], "little")
        elif number in NAMES:
            said = _value(data, value, kind, code_page)
            if said:
                made[NAMES[number]] = said
    return made


def _value(data: bytes, at: int, kind: int, code_page: int) -> str | None:
    size = _int(data, at + 4)
    if kind == TEXT:
        raw = data[at + 8 : at + 8 + min(size, 4 * LONGEST)].split(b"\0")[0]
        codec = {65001: "utf-8", 1200: "utf-16-le"}.get(code_page, f"cp{code_page}")
        try:
            return raw.decode(codec, "replace")[:LONGEST]
        except LookupError:
            return raw.decode("latin-1")[:LONGEST]
    if kind == WIDE:
        return data[at + 8 : at + 8 + min(2 * size, 2 * LONGEST)].decode("utf-16-le", "replace").split("\0")[0]
    if kind == TIME:
        ticks = int.from_bytes(data[at + 4 : at + 12], "little")
        if 0 < ticks < 1 << 60:
            return (DAY_ONE + timedelta(microseconds=ticks // 10)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return None


def _int(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little") if 0 <= at <= len(data) - 4 else 0


def rtf_text(parts: Iterator[bytes], offset: int) -> Iterator[bytes]:
    """The RTF of a message, decompressed.

    Raises:
        Malformed: it is none, or breaks off.
    """
    data = bytearray()
    for part in parts:
        data += part
    if len(data) < 16:
        raise Malformed(offset, "a header of compressed RTF")
    size, kind = int.from_bytes(data[4:8], "little"), bytes(data[8:12])
    if kind == RAW:
        yield bytes(data[16 : 16 + size])
        return
    if kind != LZFU:
        raise Malformed(offset + 8, "compressed RTF")
    ring = bytearray(PRELOAD.ljust(DICTIONARY, b"\0"))
    write, at = len(PRELOAD), 16
    out = bytearray()
    while at < len(data):
        flags = data[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                if at >= len(data):
                    break
                ring[write] = data[at]
                out.append(data[at])
                write = (write + 1) % DICTIONARY
                at += 1
                continue
            token = int.from_bytes(data[at : at + 2], "big")
            at += 2
            place = token >> 4
            if place == write or at > len(data):
                yield bytes(out)
                return
            for _ in range((token & 15) + 2):
                byte = ring[place]
                ring[write] = byte
                out.append(byte)
                place, write = (place + 1) % DICTIONARY, (write + 1) % DICTIONARY
        if len(out) >= 1 << 18:
            yield bytes(out)
            out.clear()
    yield bytes(out)
