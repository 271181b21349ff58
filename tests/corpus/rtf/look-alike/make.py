"""Beginnings without a document behind them: nothing may be said of these."""

import random


def build() -> bytes:
    return b"\\{\\rtf1\\ansi or {\\rt x or {\\rtfoo\\}" + random.Random(4).randbytes(200).replace(b"}", b"")
