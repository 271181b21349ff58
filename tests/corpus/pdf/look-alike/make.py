"""Headers without a document behind them: nothing may be claimed."""

import random


def build() -> bytes:
    chance = random.Random(3)
    noise = b"%PDF-1.4\n" + chance.randbytes(300)
    talk = b"A document begins with %PDF-1.7 and has objects such as 1 0 obj ... in it; it ends with a mark.\n"
    return noise + talk + b"%PDF-1.4\n1 0 object\n" + b"%PDF-"
