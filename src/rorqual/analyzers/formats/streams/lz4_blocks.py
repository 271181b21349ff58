"""Blocks of LZ4 and the checksum that its frames carry.

https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md; https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
"""

import struct

from rorqual.sdk import Malformed

_PRIMES = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1
_MASK = 0xFFFFFFFF
_LANES = struct.Struct("<4I")


def xxh32(data: bytes, seed: int = 0) -> int:
    """xxHash of 32 bits."""
    first, second, third, fourth, fifth = _PRIMES
    at = len(data) & ~15
    if at:
        one, two, three, four = seed + first + second & _MASK, seed + second & _MASK, seed, seed - first & _MASK
        for lanes in _LANES.iter_unpack(data[:at]):
            one = one + lanes[0] * second & _MASK
            one = (one << 13 | one >> 19) * first & _MASK
            two = two + lanes[1] * second & _MASK
            two = (two << 13 | two >> 19) * first & _MASK
            three = three + lanes[2] * second & _MASK
            three = (three << 13 | three >> 19) * first & _MASK
            four = four + lanes[3] * second & _MASK
            four = (four << 13 | four >> 19) * first & _MASK
        value = (
            (one << 1 | one >> 31) + (two << 7 | two >> 25) + (three << 12 | three >> 20) + (four << 18 | four >> 14)
        )
    else:
        value = seed + fifth
    value = value + len(data) & _MASK
    while at + 4 <= len(data):
        value = value + int.from_bytes(data[at : at + 4], "little") * third & _MASK
        value = (value << 17 | value >> 15) * fourth & _MASK
        at += 4
    for byte in data[at:]:
        value = value + byte * fifth & _MASK
        value = (value << 11 | value >> 21) * first & _MASK
    value = (value ^ value >> 15) * second & _MASK
    value = (value ^ value >> 13) * third & _MASK
    return value ^ value >> 16


def unpack(data: bytes, history: bytes, most: int, offset: int, *, cut: bool = False) -> bytes:
    """What a block decodes to, at most `most` bytes, with `history` before it; `cut`: only its beginning is there.

    Raises:
        Malformed: it reaches behind its ends.
    """
    out = bytearray(history)
    most += len(history)
    at, end = 0, len(data)
    while at < end:
        token = data[at]
        at += 1
        count = token >> 4
        if count == 15:
            count, at = _more(data, at, count)
        out += data[at : at + count]
        at += count
        if at >= end:
            if at > end and not cut:
                raise Malformed(offset, "literals that end with their block")
            break
        if cut and at + 2 > end:
            break
        distance = int.from_bytes(data[at : at + 2], "little")
        at += 2
        count = (token & 15) + 4
        if count == 19:
            count, at = _more(data, at, count)
        start = len(out) - distance
        if start < 0 or not distance or len(out) + count > most:
            raise Malformed(offset, "a match within what was decoded")
        if distance >= count:
            out += out[start : start + count]
        else:
            out += (bytes(out[start:]) * (count // distance + 1))[:count]
    if len(out) > most:
        raise Malformed(offset, f"at most {most - len(history)} bytes of a block")
    return bytes(out[len(history) :])


def _more(data: bytes, at: int, count: int) -> tuple[int, int]:
    """A length goes on in bytes that are added up, the first that is not 255 being the last."""
    while at < len(data):
        byte = data[at]
        at += 1
        count += byte
        if byte != 255:
            break
    return count, at
