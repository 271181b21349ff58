"""Periodic but for one byte in each 4,000, and words that agree in their first half: nothing long enough."""


def build() -> bytes:
    broken = b"".join(b"\xaa\x55" * 2000 + bytes([n]) for n in range(10))
    halves = b"".join(b"\0" * 63 + bytes([n % 251 + 1]) for n in range(1500))
    return broken + halves
