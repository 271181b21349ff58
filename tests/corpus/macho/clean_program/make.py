"""A 64-bit program: segments, symbols, an export trie, an ad-hoc signature."""

from tests.builders.macho import build as program


def build() -> bytes:
    return program()
