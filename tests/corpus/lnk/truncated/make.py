"""A shortcut cut inside of its texts."""

from tests.builders.documents_lnk import item, lnk


def build() -> bytes:
    return lnk(items=item(0x2F, b"C:\\"), texts={32: "/feed " * 9})[:-40]
