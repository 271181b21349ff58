"""Tables longer than the file and outside it."""

from tests.builders.fonts_tables import pcf


def build() -> bytes:
    return pcf(lie=0x7FFF) + pcf()[:20] + b"\xff\xff\xff\x0f" + pcf()[24:]
