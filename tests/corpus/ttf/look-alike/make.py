"""Directories without the tables."""

from tests.builders.fonts_tables import sfnt


def build() -> bytes:
    return sfnt()[:60] + bytes(90) + b"OTTO\0\3\0\x20\0\1\0\x10" + bytes(40)
