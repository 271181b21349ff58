"""Headers without rows."""

from tests.builders.images_plain import pcx


def build() -> bytes:
    return pcx()[:66] + bytes(90) + b"\x0a\5\1\x08" + bytes(80)
