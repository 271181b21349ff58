"""Text, a deflate stream, x86 code, random bytes, a table, zeros, a word in a row: a class for each."""

import random
import zlib

PROSE = b"It was the best of times, it was the worst of times, it was the age of wisdom, of foolishness.\n"
CODE = bytes.fromhex("488b45f8 4889c7 e810220000 0f8520010000 4883ec28 4c8d442420 418b4c2408 85c0 741e 89542410 c3 cc")


def build() -> bytes:
    dice = random.Random(1)
    names = " ".join(str(dice.randrange(1 << 40)) for _ in range(11_000)).encode()
    code = b"".join(CODE + dice.randbytes(9) for _ in range(600))
    table = b"".join(n.to_bytes(4, "big") for n in range(0x10000, 0x14000, 4))
    word = b"\xde\xad\xbe\xef" * 2500
    return PROSE * 100 + zlib.compress(names) + code + dice.randbytes(70_000) + table + bytes(9000) + word
