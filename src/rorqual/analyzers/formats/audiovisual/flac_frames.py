"""FLAC frames (RFC 9639, section 9): a header with a CRC-8, subframes, padding to a byte, a CRC-16."""

from functools import cache

from rorqual.sdk import frozen

LONGEST_HEADER = 16  # bytes
BLOCKS = {1: 192, 2: 576, 3: 1152, 4: 2304, 5: 4608, **{code: 256 << (code - 8) for code in range(8, 16)}}
SAMPLE_BITS = {1: 8, 2: 12, 4: 16, 5: 20, 6: 24, 7: 32}


@frozen
class FrameHeader:
    """A frame's header; `number` counts frames, or samples where the block size varies."""

    size: int  # bytes
    varies: bool
    block: int  # samples of each channel
    assignment: int  # channels less one, or how two are coupled
    bits: int  # of a sample; 0: as the stream says
    number: int

    @property
    def following(self) -> int:
        """The number of the frame behind it."""
        return self.number + (self.block if self.varies else 1)

    @property
    def channels(self) -> int:
        return self.assignment + 1 if self.assignment < 8 else 2


def frame_header(data: bytes) -> FrameHeader | None:
    """The header that the bytes begin with, if its CRC-8 holds."""
    if len(data) < 6 or data[0] != 0xFF or data[1] & 0xFE != 0xF8 or data[3] & 1:
        return None
    code, rate, assignment, bits = data[2] >> 4, data[2] & 15, data[3] >> 4, data[3] >> 1 & 7
    if code == 0 or rate == 15 or assignment > 10 or bits == 3:
        return None
    lead = data[4]
    more = 0
    while lead & (0x80 >> more) and more < 8:
        more += 1
    if more in (1, 8):
        return None
    number = lead & (0x7F >> more)
    more = max(0, more - 1)
    for byte in data[5 : 5 + more]:
        if byte & 0xC0 != 0x80:
            return None
        number = number << 6 | byte & 0x3F
    at = 5 + more
    block = BLOCKS.get(code, 0)
    if code in (6, 7):
        wide = code - 5
        block = int.from_bytes(data[at : at + wide], "big") + 1
        at += wide
    at += {12: 1, 13: 2, 14: 2}.get(rate, 0)
    if len(data) <= at or crc(data[:at], 0x07, 8) != data[at]:
        return None
    return FrameHeader(at + 1, bool(data[1] & 1), block, assignment, SAMPLE_BITS.get(bits, 0), number)


def frame_size(data: bytes, header: FrameHeader, bits: int) -> int | None:
    """How many of the bytes are the frame, by walking its subframes, if its CRC-16 holds; `bits` of a sample."""
    text = bin(int.from_bytes(b"\1" + data, "big"))[3:]
    at = header.size * 8
    try:
        for channel in range(header.channels):
            side = (header.assignment, channel) in ((8, 1), (9, 0), (10, 1))
            at = _subframe(text, at, header.block, (header.bits or bits) + side)
    except (ValueError, IndexError):  # the bits end too early
        return None
    size = -(-at // 8) + 2
    if size > len(data) or not crc16_holds(data[:size]):
        return None
    return size


def crc16_holds(frame: bytes) -> bool:
    """Whether the last two bytes are the CRC-16 of those before."""
    return crc(frame, 0x8005, 16) == 0


def _subframe(text: str, at: int, block: int, bits: int) -> int:
    """Where a subframe ends (9.2), in bits."""
    kind = int(text[at + 1 : at + 7], 2)
    wasted = text[at + 7] == "1"
    at += 8
    if wasted:
        end = text.index("1", at) + 1
        bits -= end - at
        at = end
    if bits < 1:
        raise ValueError
    if kind == 0:
        return at + bits
    if kind == 1:
        return at + block * bits
    if 8 <= kind <= 12:
        order = kind - 8
        at += order * bits
    elif kind >= 32:
        order = (kind & 31) + 1
        at += order * bits
        precision = int(text[at : at + 4], 2) + 1
        at += 9 + order * precision
    else:
        raise ValueError
    return _residual(text, at, block, order)


def _residual(text: str, at: int, block: int, order: int) -> int:
    """Where the coded residual ends (9.2.7), in bits."""
    method, split = int(text[at : at + 2], 2), int(text[at + 2 : at + 6], 2)
    if method > 1 or block >> split < order or block & (1 << split) - 1:
        raise ValueError
    at += 6
    wide = 4 + method
    escape = (1 << wide) - 1
    for part in range(1 << split):
        count = (block >> split) - (order if part == 0 else 0)
        parameter = int(text[at : at + wide], 2)
        at += wide
        if parameter == escape:
            at += 5 + count * int(text[at : at + 5], 2)
            continue
        find, skip = text.index, parameter + 1
        for _ in range(count):
            at = find("1", at) + skip
    return at


@cache
def _table(polynomial: int, width: int) -> tuple[int, ...]:
    top, mask, table = 1 << (width - 1), (1 << width) - 1, []
    for byte in range(256):
        value = byte << (width - 8)
        for _ in range(8):
            value = (value << 1 ^ polynomial if value & top else value << 1) & mask
        table.append(value)
    return tuple(table)


def crc(data: bytes, polynomial: int, width: int) -> int:
    """A CRC that begins with 0, most significant bit first."""
    table, value, shift, mask = _table(polynomial, width), 0, width - 8, (1 << width) - 1
    for byte in data:
        value = (value << 8 & mask) ^ table[(value >> shift) ^ byte]
    return value
