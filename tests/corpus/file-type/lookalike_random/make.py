"""Bytes of a multiplicative generator: data."""


def build() -> bytes:
    state, out = 7, bytearray()
    for _ in range(600):
        state = state * 16807 % 0x7FFFFFFF
        out.append(state >> 8 & 0xFF)
    return bytes(out)
