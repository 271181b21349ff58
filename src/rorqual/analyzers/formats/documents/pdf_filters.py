"""The filters of PDF streams (ISO 32000-1, 7.4), each a generator over pieces: nothing is held whole.

Not decoded here: DCTDecode and JPXDecode, whose data are files of their own, CCITTFaxDecode and JBIG2Decode, which
are pixels, and Crypt.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rorqual.sdk import Malformed, View

READ = 64 << 10
PIECE = 256 << 10
WIDEST_ROW = 1 << 20  # bytes of a predictor's row
SHORT = {
    "A85": "ASCII85Decode",
    "AHx": "ASCIIHexDecode",
    "Fl": "FlateDecode",
    "LZW": "LZWDecode",
    "RL": "RunLengthDecode",
}
_SPACE = b"\0\t\n\x0b\x0c\r "
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]")


class Filter(NamedTuple):
    """A filter with what its parameters say."""

    name: str
    predictor: int = 1
    colors: int = 1
    bits: int = 8
    columns: int = 1
    early: int = 1


Pieces = Iterator[bytes]


def raw(view: View, size: int) -> Pieces:
    """The view's first `size` bytes."""
    at = 0
    while at < size and (data := view.read(at, min(READ, size - at))):
        at += len(data)
        yield data


def flate(pieces: Pieces, offset: int) -> Pieces:
    """RFC 1950. A wrong sum at the end is passed over, as readers do."""
    stream = zlib.decompressobj()
    for data in pieces:
        left = data
        piece = None
        while not stream.eof and (left or piece is None or len(piece) == PIECE):
            try:
                piece = stream.decompress(left, PIECE)
            except zlib.error as error:
                if "incorrect data check" in str(error):
                    return
                raise Malformed(offset, f"zlib data ({error})") from error
            left = stream.unconsumed_tail
            if piece:
                yield piece
        if stream.eof:
            return
    if rest := stream.flush():
        yield rest
    raise Malformed(offset, "the end of the zlib stream")


def ascii_hex(pieces: Pieces, offset: int) -> Pieces:
    held = b""
    for data in pieces:
        end = data.find(b">")
        digits = held + (data if end < 0 else data[:end]).translate(None, _SPACE)
        if _NOT_HEX.search(digits):
            raise Malformed(offset, "hexadecimal digits")
        if end >= 0:
            digits += b"0" * (len(digits) % 2)
        held = digits[len(digits) & ~1 :]
        if len(digits) > 1:
            yield bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
        if end >= 0:
            return
    if held:
        yield bytes.fromhex((held + b"0").decode("ascii"))


def ascii85(pieces: Pieces, offset: int) -> Pieces:
    held = b""
    begun = False
    for data in pieces:
        digits = held + data.translate(None, _SPACE)
        if not begun and len(digits) < 2:
            held = digits
            continue
        digits = digits if begun else digits.removeprefix(b"<~")
        begun = True
        end = digits.find(b"~")
        if end >= 0:
            digits = digits[:end]
        whole, held = _groups(digits, offset)
        if whole:
            yield whole
        if end >= 0:
            break
    if len(held) > 1:
        last, _ = _groups(held + b"u" * (5 - len(held)), offset)
        yield last[: len(held) - 1]


def _groups(digits: bytes, offset: int) -> tuple[bytes, bytes]:
    """The bytes of the whole groups of five, and the digits left over."""
    out = bytearray()
    at = 0
    while at < len(digits):
        if digits[at] == 0x7A:  # z: four zeros
            out += bytes(4)
            at += 1
            continue
        group = digits[at : at + 5]
        if len(group) < 5:
            break
        value = 0
        for digit in group:
            if not 0x21 <= digit <= 0x75:
                raise Malformed(offset, "ASCII85 digits")
            value = value * 85 + digit - 0x21
        out += (value & 0xFFFFFFFF).to_bytes(4, "big")
        at += 5
    return bytes(out), digits[at:]


def run_length(pieces: Pieces, offset: int) -> Pieces:
    held = b""
    for piece in pieces:
        data = held + piece
        out = bytearray()
        at = 0
        while at < len(data):
            code = data[at]
            if code == 128:
                yield bytes(out)
                return
            need = 1 + (code + 1 if code < 128 else 1)
            if at + need > len(data):
                break
            out += data[at + 1 : at + need] if code < 128 else data[at + 1 : at + 2] * (257 - code)
            at += need
        held = data[at:]
        if out:
            yield bytes(out)


def lzw(pieces: Pieces, offset: int, early: int = 1) -> Pieces:
    """Codes of 9 to 12 bits, most significant bit first; 256 clears the table, 257 ends."""
    table = [bytes([value]) for value in range(256)] + [b"", b""]
    width, bits, have, last = 9, 0, 0, b""
    for data in pieces:
        out = bytearray()
        for byte in data:
            bits = (bits << 8 | byte) & 0xFFFFFF
            have += 8
            if have < width:
                continue
            have -= width
            code = bits >> have & (1 << width) - 1
            if code == 256:
                del table[258:]
                width, last = 9, b""
                continue
            if code == 257:
                yield bytes(out)
                return
            if code < len(table):
                entry = table[code]
            elif code == len(table) and last:
                entry = last + last[:1]
            else:
                yield bytes(out)
                raise Malformed(offset, "LZW codes of the table")
            if last and len(table) < 4096:
                table.append(last + entry[:1])
            out += entry
            last = entry
            width = min(12, max(9, (len(table) + early).bit_length()))
            if len(out) > PIECE:
                yield bytes(out)
                out.clear()
        if out:
            yield bytes(out)


def predicted(pieces: Pieces, offset: int, how: Filter) -> Pieces:
    """Undoes a predictor (7.4.4.4): TIFF's of 8 bits, or PNG's, whose rows say theirs."""
    pixel = max(1, how.colors * how.bits // 8)
    width = (how.colors * how.bits * how.columns + 7) // 8
    if not 0 < width <= WIDEST_ROW:
        raise Malformed(offset, f"rows of at most {WIDEST_ROW} bytes")
    png = how.predictor >= 10
    row = width + png
    above = bytes(width)
    held = b""
    for piece in pieces:
        data = held + piece
        end = len(data) - len(data) % row
        out = bytearray()
        for at in range(0, end, row):
            line = bytearray(data[at + png : at + row])
            above = unfiltered(data[at] if png else 1, line, above, pixel) if png or how.bits == 8 else bytes(line)
            out += above
        held = data[end:]
        if out:
            yield bytes(out)
    if len(held) > png:
        line = bytearray(held[png:])
        yield unfiltered(held[0] if png else 1, line, above, pixel)


def unfiltered(kind: int, line: bytearray, above: bytes, pixel: int) -> bytes:
    """A row of a PNG predictor: none, left, above, average or Paeth."""
    if kind == 2:
        return bytes((one + two) & 0xFF for one, two in zip(line, above, strict=False))
    if kind in (1, 3, 4):
        for at in range(len(line)):
            left = line[at - pixel] if at >= pixel else 0
            up = above[at]
            corner = above[at - pixel] if at >= pixel else 0
            guess = left if kind == 1 else (left + up) // 2 if kind == 3 else _paeth(left, up, corner)
            line[at] = (line[at] + guess) & 0xFF
    return bytes(line)


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    near = (abs(guess - left), abs(guess - up), abs(guess - corner))
    return left if near[0] <= near[1] and near[0] <= near[2] else up if near[1] <= near[2] else corner


STEPS: dict[str, Callable[[Pieces, int], Pieces]] = {
    "FlateDecode": flate,
    "ASCIIHexDecode": ascii_hex,
    "ASCII85Decode": ascii85,
    "RunLengthDecode": run_length,
}
