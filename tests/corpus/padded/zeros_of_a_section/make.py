"""A program's own array of zeros in its data."""

from tests.builders.pe import CODE, Image, Section
from tests.builders.pe import build as image


def build() -> bytes:
    return image(Image(sections=(Section(b".text", b"\xc3" * 512, CODE), Section(b".data", bytes(11 << 20)))))
