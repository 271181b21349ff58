"""Two images at odd offsets in other data, the second cut by the end."""

from tests.builders.pe import Image
from tests.builders.pe import build as image


def build() -> bytes:
    noise = bytes(i * 7919 % 256 for i in range(3001))
    return noise + image(Image(plus=True)) + b"between" * 101 + image(Image(dll=True))[:1200]
