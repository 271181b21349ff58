"""Two stored files and one that is compressed, between other bytes; something in a gap."""

from tests.builders.solid_others import wim


def build() -> bytes:
    files = b"small and many\n" * 3, b"one and big"
    return b"before" * 3 + wim(*files, gap=b"nothing leads here", packed=b"\x12\x34" * 20) + b"after"
