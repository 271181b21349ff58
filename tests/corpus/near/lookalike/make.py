"""A PNG with its own first bytes, and a JPEG with a comment that begins as a PNG does behind them."""

from tests.builders.several import picture, png


def build() -> bytes:
    return picture(comment=b"\r\n\x1a\n and so on" * 3) + png()
