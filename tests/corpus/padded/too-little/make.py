"""A PE that is mostly zeros and yet small: no scanner's limit is passed with these."""

from tests.builders.pe import build as image


def build() -> bytes:
    return image() + bytes(200_000)
