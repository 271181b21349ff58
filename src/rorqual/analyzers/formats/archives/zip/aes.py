"""AES in counter mode, as WinZip counts: the block's number from 1, little-endian (FIPS 197; SP 800-38A).

Thousands of blocks at once: byte i of all blocks is one bytes object, so that a substitution is one `translate` and a
sum one XOR of long integers. About ten megabytes a second without a library.
"""

from collections.abc import Iterator
from functools import cache

BATCH = 4096  # blocks at once
BLOCK = 16
_ROUNDS = {16: 10, 24: 12, 32: 14}  # by bytes of the key


@cache
def _tables() -> tuple[bytes, bytes, bytes]:
    """The S-box, and it times two and three in the field of 256."""
    exponent, logarithm = [0] * 255, [0] * 256
    value = 1
    for power in range(255):  # powers of three
        exponent[power], logarithm[value] = value, power
        value ^= value << 1 ^ (0x11B if value & 0x80 else 0)
    box = bytearray(256)
    for byte in range(256):
        inverse = exponent[-logarithm[byte] % 255] if byte else 0
        rotated = inverse | inverse << 8
        box[byte] = 0x63 ^ (rotated ^ rotated >> 4 ^ rotated >> 5 ^ rotated >> 6 ^ rotated >> 7) & 0xFF
    double = bytes(b << 1 ^ (0x11B if b & 0x80 else 0) for b in box)
    return bytes(box), double, bytes(a ^ b for a, b in zip(box, double, strict=True))


def expanded(key: bytes) -> list[bytes]:
    """The round keys, 16 bytes each (FIPS 197, 5.2)."""
    box = _tables()[0]
    count = len(key) // 4
    words = [key[at : at + 4] for at in range(0, len(key), 4)]
    constant = 1
    for index in range(count, 4 * (_ROUNDS[len(key)] + 1)):
        word = words[-1]
        if index % count == 0:
            word = (word[1:] + word[:1]).translate(box)
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = constant << 1 ^ (0x11B if constant & 0x80 else 0)
        elif count > 6 and index % count == 4:
            word = word.translate(box)
        words.append(bytes(a ^ b for a, b in zip(words[index - count], word, strict=True)))
    return [b"".join(words[at : at + 4]) for at in range(0, len(words), 4)]


def encrypted(planes: list[bytes], keys: list[bytes]) -> list[bytes]:
    """All blocks encrypted; plane i has byte i of each."""
    box, double, triple = _tables()
    size = len(planes[0])
    ones = int.from_bytes(b"\1" * size, "little")
    number = int.from_bytes

    def sums(parts: list[int], key: int) -> bytes:
        total = key * ones
        for part in parts:
            total ^= part
        return total.to_bytes(size, "little")

    planes = [sums([number(plane, "little")], key) for plane, key in zip(planes, keys[0], strict=True)]
    shift = [(4 * (i // 4) + 5 * (i % 4)) % 16 for i in range(16)]  # row r of column c comes from column c + r
    for key in keys[1:-1]:
        one = [number(plane.translate(box), "little") for plane in planes]
        two = [number(plane.translate(double), "little") for plane in planes]
        three = [number(plane.translate(triple), "little") for plane in planes]
        mixed = []
        for column in range(0, 16, 4):
            s = shift[column : column + 4]
            for row in range(4):
                parts = [two[s[row]], three[s[(row + 1) % 4]], one[s[(row + 2) % 4]], one[s[(row + 3) % 4]]]
                mixed.append(sums(parts, key[column + row]))
        planes = mixed
    return [sums([number(planes[shift[i]].translate(box), "little")], keys[-1][i]) for i in range(16)]


def keystream(key: bytes) -> Iterator[bytes]:
    """What is to be added to the data, BATCH blocks at a time."""
    keys = expanded(key)
    first = 1
    while True:
        counters = b"".join(count.to_bytes(BLOCK, "little") for count in range(first, first + BATCH))
        planes = encrypted([counters[i::BLOCK] for i in range(BLOCK)], keys)
        stream = bytearray(BATCH * BLOCK)
        for i in range(BLOCK):
            stream[i::BLOCK] = planes[i]
        yield bytes(stream)
        first += BATCH
