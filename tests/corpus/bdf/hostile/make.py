"""More characters told than there are."""

from tests.builders.fonts_tables import bdf


def build() -> bytes:
    return bdf(count=999999)
