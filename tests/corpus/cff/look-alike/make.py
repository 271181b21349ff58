"""Names without a font."""

from tests.builders.fonts_tables import cff


def build() -> bytes:
    return cff()[:14] + bytes(30) + b"\1\0\4\1\0\1\1\1\6Whale" + b"\0\1\5" + bytes(9)
