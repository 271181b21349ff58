"""An object, cut short."""

from tests.builders.stores_files import java_objects


def build() -> bytes:
    return java_objects()[:60]
