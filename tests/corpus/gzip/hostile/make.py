"""A lying CRC, an extra field longer than the file, a bomb, and a member of no length."""

import gzip


def build() -> bytes:
    lying = bytearray(gzip.compress(b"so it says" * 10, mtime=0))
    lying[-8] ^= 1
    endless = b"\x1f\x8b\x08\x04" + bytes(4) + b"\x00\x03" + b"\xff\xff" + b"x" * 50
    bomb = gzip.compress(bytes(3_000_000), mtime=0)
    return bytes(lying) + endless + bomb + gzip.compress(b"", mtime=0)
