"""Fonts of both kinds, one with an unknown table and a gap."""

from tests.builders.fonts_tables import TABLES, sfnt


def build() -> bytes:
    return (
        b"before"
        + sfnt()
        + b"between"
        + sfnt({**TABLES, b"whal": b"hidden in a table"}, version=b"OTTO", gap=b"or in a gap!")
    )
