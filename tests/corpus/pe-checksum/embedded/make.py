"""Inside something bigger, at an odd place, with a checksum that is set."""

from tests.builders.pe import Image
from tests.builders.pe import build as image


def build() -> bytes:
    return b"lead" * 7 + b"x" + image(Image(fields={"CheckSum": 0x1234})) + b"tail" * 100
