"""The header's GUID alone."""

from tests.builders.audiovisual_video import guid


def build() -> bytes:
    return guid("75b22630-668e-11cf-a6d9-00aa0062ce6c") + bytes(12) + b"\1\2" + bytes(60)
