"""A program cut before its symbols."""

from tests.builders.macho import build as program


def build() -> bytes:
    return program()[:9000]
