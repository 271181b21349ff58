"""Filler of several kinds behind a member: none becomes a child."""

from tests.builders.several import member


def build() -> bytes:
    return member() + bytes(40_000) + b"\xcc" * 3000
