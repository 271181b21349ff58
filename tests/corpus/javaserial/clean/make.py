"""An object, between other bytes."""

from tests.builders.stores_files import java_objects


def build() -> bytes:
    return b"before" * 7 + java_objects() + b"after"
