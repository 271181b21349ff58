"""Magic without a checksum, and a checksum without numbers: nothing may be said of these."""

import random

from tests.builders.archives_tar import tar_header


def build() -> bytes:
    chance = random.Random(6)
    wrong = bytearray(tar_header(b"name", 5))
    wrong[148:156] = b"0000000\0"
    nonsense = tar_header(b"name", number=b"not a number")
    return chance.randbytes(257) + b"ustar\x0000" + chance.randbytes(300) + bytes(wrong) + nonsense
