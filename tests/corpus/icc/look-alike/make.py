"""Magic numbers without a profile."""

from tests.builders.images_plain import icc


def build() -> bytes:
    return bytes(36) + b"acspMSFT" + bytes(100) + icc()[:40] + bytes(99)
