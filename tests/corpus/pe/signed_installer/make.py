"""A payload appended, and a certificate table behind it."""

from tests.builders.pe import Image
from tests.builders.pe import build as image


def build() -> bytes:
    return image(Image(overlay=b"setup data; " * 50, certificate=b"\x30\x82" + b"PKCS #7 would be here" * 20))
