"""A file cut inside of its directory."""

from tests.builders.documents_ole import compound


def build() -> bytes:
    return compound({"WordDocument": bytes(range(200)) * 4, "b": b"x" * 80})[:-90]
