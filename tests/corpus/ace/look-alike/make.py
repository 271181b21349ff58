"""The magic, and a CRC that does not hold."""

from tests.builders.solid_others import ace_main


def build() -> bytes:
    return b"**ACE**\x14 and " + b"\0" + ace_main()[1:] + bytes(9)
