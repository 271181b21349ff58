"""A checksum that fails; a table longer than the file."""

from tests.builders.fonts_tables import sfnt


def build() -> bytes:
    return sfnt(lie=1) + sfnt()[:24] + b"\x7f\xff\xff\xff" + sfnt()[28:]
