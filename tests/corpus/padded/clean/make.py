"""A small PE outgrown with zeros, and something behind them that must not be lost."""

import gzip

from tests.builders.pe import build as image


def build() -> bytes:
    return image() + bytes(11 << 20) + gzip.compress(b"kept", mtime=0)
