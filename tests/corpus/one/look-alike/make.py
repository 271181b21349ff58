"""Identifiers without a section or a file behind them: nothing may be said of these."""

import random

from tests.builders.documents_lnk import FILE_HEAD, one


def build() -> bytes:
    chance = random.Random(7)
    return one(b"")[:64] + chance.randbytes(300) + FILE_HEAD + chance.randbytes(90) + FILE_HEAD + bytes(40)
