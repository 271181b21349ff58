"""Local headers in a text, and headers of data that do not decode: nothing may be said of these."""

import random

from tests.builders.archives_zip import ZipItem, zip_local


def build() -> bytes:
    chance = random.Random(11)
    wrong = b"".join(zip_local(ZipItem(b"x", data=chance.randbytes(50))) + b"-" for _ in range(3))
    return b"PK\3\4" + bytes(26) + b"PK\3\4 is how members begin" + wrong
