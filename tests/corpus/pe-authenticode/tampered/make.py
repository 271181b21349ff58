"""One byte of the code was changed after signing, and something was appended behind the table."""

from tests.builders.authenticode import build as signed


def build() -> bytes:
    data = bytearray(signed())
    data[0x210] ^= 1
    return bytes(data) + b"appended after signing"
