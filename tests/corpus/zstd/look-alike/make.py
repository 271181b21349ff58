"""Magic numbers, a reserved block, and a skippable frame that leads nowhere."""

from tests.builders.streams import skippable


def build() -> bytes:
    return b"\x28\xb5\x2f\xfd\x00\x00\x07\x00\x00" + b"\x28\xb5\x2f\xfd\x08" + skippable(b"nothing follows") + b"after"
