"""Bob Jenkins' lookup3 hash, which HDF5 takes for a checksum: https://www.burtleburtle.net/bob/c/lookup3.c."""

_MASK = 0xFFFFFFFF


def _turn(value: int, count: int) -> int:
    return (value << count | value >> 32 - count) & _MASK


def lookup3(data: bytes) -> int:
    """The hash of `data`, begun with zero."""
    a = b = c = 0xDEADBEEF + len(data) & _MASK
    at = 0
    while len(data) - at > 12:
        a, b, c = (
            value + int.from_bytes(data[at + n : at + n + 4], "little") & _MASK for value, n in ((a, 0), (b, 4), (c, 8))
        )
        a = a - c & _MASK ^ _turn(c, 4)
        c = c + b & _MASK
        b = b - a & _MASK ^ _turn(a, 6)
        a = a + c & _MASK
        c = c - b & _MASK ^ _turn(b, 8)
        b = b + a & _MASK
        a = a - c & _MASK ^ _turn(c, 16)
        c = c + b & _MASK
        b = b - a & _MASK ^ _turn(a, 19)
        a = a + c & _MASK
        c = c - b & _MASK ^ _turn(b, 4)
        b = b + a & _MASK
        at += 12
    rest = data[at:].ljust(12, b"\0")
    if at == len(data):
        return c
    a, b, c = (value + int.from_bytes(rest[n : n + 4], "little") & _MASK for value, n in ((a, 0), (b, 4), (c, 8)))
    c = (c ^ b) - _turn(b, 14) & _MASK
    a = (a ^ c) - _turn(c, 11) & _MASK
    b = (b ^ a) - _turn(a, 25) & _MASK
    c = (c ^ b) - _turn(b, 16) & _MASK
    a = (a ^ c) - _turn(c, 4) & _MASK
    b = (b ^ a) - _turn(a, 14) & _MASK
    return (c ^ b) - _turn(b, 24) & _MASK
