"""A program that is cut."""

from tests.builders.documents_eps import eps


def build() -> bytes:
    return eps()[:-20]
