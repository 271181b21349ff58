"""Zeros in two sections that claim the same bytes, beside headers whose sizes run past the end."""

from tests.builders.pe import Image, Section
from tests.builders.pe import build as image


def build() -> bytes:
    zeros = bytes(1_100_000)
    first = Section(b".a", b"code" * 128 + zeros)
    second = Section(b".b", b"data", raw_pointer=0x400, raw_size=0xFFFF_FE00)
    return image(Image(sections=(first, second)))
