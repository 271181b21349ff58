"""AES in CBC mode, decryption only (FIPS 197, section 5.3.5; SP 800-38A, section 6.2).

Blocks of one chunk do not wait for each other when decrypted, so that each byte position of all blocks is one string:
substitution and multiplication are `bytes.translate`, addition is that of long integers. About 10 MB a second.
"""

from collections.abc import Iterable, Iterator
from functools import cache

BLOCK = 16
CHUNK = 64 << 10
_SIZES = {16: 10, 24: 12, 32: 14}  # bytes of a key: rounds


class Tables:
    """The inverse S-box, and it followed by the multiplications of InvMixColumns."""

    def __init__(self) -> None:
        powers, value = [0] * 255, 1
        for at in range(255):
            powers[at] = value
            value ^= value << 1 ^ (0x11B if value & 0x80 else 0)
            value &= 0xFF
        logs = {power: at for at, power in enumerate(powers)}

        def times(one: int, other: int) -> int:
            return powers[(logs[one] + logs[other]) % 255] if one and other else 0

        box = [0] * 256
        for byte in range(256):
            inverse = powers[-logs[byte] % 255] if byte else 0
            spread = inverse
            for shift in range(1, 5):
                spread ^= inverse << shift | inverse >> (8 - shift)
            box[byte] = spread & 0xFF ^ 0x63
        self.box = bytes(box)
        back = [0] * 256
        for byte, image in enumerate(box):
            back[image] = byte
        self.back = bytes(back)
        self.mixed = tuple(bytes(times(factor, one) for one in back) for factor in (14, 11, 13, 9))
        self.plain = tuple(bytes(times(factor, one) for one in range(256)) for factor in (14, 11, 13, 9))
        self.rounds = tuple(powers[at * logs[2] % 255] for at in range(10))


tables = cache(Tables)


def _schedule(key: bytes) -> list[bytes]:
    """The round keys (section 5.2), those in the middle mixed for the equivalent inverse cipher."""
    facts = tables()
    words = [key[at : at + 4] for at in range(0, len(key), 4)]
    length = len(words)
    for number in range(length, 4 * (_SIZES[len(key)] + 1)):
        last = words[-1]
        if number % length == 0:
            last = (last[1:] + last[:1]).translate(facts.box)
            last = bytes((last[0] ^ facts.rounds[number // length - 1], *last[1:]))
        elif length > 6 and number % length == 4:
            last = last.translate(facts.box)
        words.append(bytes(one ^ other for one, other in zip(words[-length], last, strict=True)))
    keys = [b"".join(words[at : at + 4]) for at in range(0, len(words), 4)]
    for number in range(1, len(keys) - 1):
        planes = [keys[number][at : at + 1] for at in range(BLOCK)]
        keys[number] = bytes(_mix(planes, at, facts.plain) for at in range(BLOCK))
    return keys


def _mix(planes: list[bytes], at: int, factors: tuple[bytes, ...]) -> int:
    """Byte `at` of what InvMixColumns makes of a state, of all blocks at once."""
    column, row = at & ~3, at & 3
    mixed = 0
    for number, table in enumerate(factors):
        mixed ^= int.from_bytes(planes[column + (row + number) % 4].translate(table), "little")
    return mixed


def _inverse_shift(at: int) -> int:
    """Where InvShiftRows takes the byte of place `at` from."""
    return (at & 3) + 4 * ((at // 4 - (at & 3)) % 4)


class Cbc:
    """Decrypts one stream under `key` (16, 24 or 32 bytes)."""

    def __init__(self, key: bytes, vector: bytes) -> None:
        self._keys = _schedule(key)
        self._vector = vector

    def blocks(self, data: bytes) -> bytes:
        """What a whole number of blocks decrypts to."""
        facts, count = tables(), len(data) // BLOCK
        ones = int.from_bytes(b"\1" * count, "little")
        last = self._keys[-1]
        planes = [
            (int.from_bytes(data[at::BLOCK], "little") ^ last[at] * ones).to_bytes(count, "little")
            for at in range(BLOCK)
        ]
        for key in self._keys[-2:0:-1]:
            shifted = [planes[_inverse_shift(at)] for at in range(BLOCK)]
            planes = [
                (_mix(shifted, at, facts.mixed) ^ key[at] * ones).to_bytes(count, "little") for at in range(BLOCK)
            ]
        out = bytearray(len(data))
        first = self._keys[0]
        for at in range(BLOCK):
            plane = planes[_inverse_shift(at)].translate(facts.back)
            out[at::BLOCK] = (int.from_bytes(plane, "little") ^ first[at] * ones).to_bytes(count, "little")
        before = self._vector + data[:-BLOCK]
        self._vector = data[-BLOCK:]
        plain = int.from_bytes(out, "little") ^ int.from_bytes(before, "little")
        return plain.to_bytes(len(data), "little")


def decrypted(pieces: Iterable[bytes], key: bytes, vector: bytes) -> Iterator[bytes]:
    """The stream that `pieces` are; what is left over of a last block is dropped."""
    cipher, left = Cbc(key, vector), b""
    for piece in pieces:
        for at in range(0, len(piece), CHUNK):
            data = left + piece[at : at + CHUNK]
            whole = len(data) & -BLOCK
            left = data[whole:]
            if whole:
                yield cipher.blocks(data[:whole])
