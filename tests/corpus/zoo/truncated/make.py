"""A chain whose second entry is cut."""

from tests.builders.archives_lha import zoo_archive


def build() -> bytes:
    return zoo_archive((b"a.txt", b"whole", False), (b"b.txt", b"cut", False))[:140]
