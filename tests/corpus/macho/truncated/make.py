"""A program cut in its text: segments and link-edit data are not there."""

from tests.builders.macho import build as program


def build() -> bytes:
    return program()[:4130]
