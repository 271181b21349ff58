"""A gzip member likewise."""

from tests.builders.several import member, near


def build() -> bytes:
    return near(member())
