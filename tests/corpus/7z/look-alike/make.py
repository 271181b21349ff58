"""Signatures whose header's CRC does not hold, or that lead nowhere."""

from tests.builders.solid_sevenzip import SIGNATURE, build7z


def build() -> bytes:
    wrong = bytearray(build7z([("krill.txt", b"small and many\n")]))
    wrong[20] ^= 1
    return SIGNATURE + b"\0" * 40 + bytes(wrong)
