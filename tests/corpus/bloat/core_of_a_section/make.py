"""Eleven mebibytes of one byte inside the first section: the core has it in two."""

from tests.builders.pe import Image, Section
from tests.builders.pe import build as image


def build() -> bytes:
    inside = b"front" * 100 + b"\xcc" * (11 << 20) + bytes(range(256)) * 40
    return image(Image(sections=(Section(b".text", inside, 0x6000_0020), Section(b".data", b"some data"))))
