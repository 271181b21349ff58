"""Headers without a shortcut behind them: nothing may be said of these."""

import random

from tests.builders.documents_lnk import HEAD


def build() -> bytes:
    noise = random.Random(6).randbytes(90)
    return HEAD + noise + HEAD + b"\x03\0\0\0" + bytes(52) + b"\xff\xff" + noise
