"""A mode that does not exist behind good ones."""

from tests.builders.audiovisual_sound import amr


def build() -> bytes:
    return amr(4) + b"\x64" + bytes(90)
