"""A program cut in its code directory."""

from tests.builders.macho import build as program


def build() -> bytes:
    return program()[:-200]
