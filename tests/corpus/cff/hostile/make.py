"""A place outside the file; an index that breaks off."""

from tests.builders.fonts_tables import cff


def build() -> bytes:
    return cff(lie=60000) + cff()[:30]
