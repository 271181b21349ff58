"""Headers without a picture."""

from tests.builders.images_scans import psd


def build() -> bytes:
    return psd()[:14] + bytes(60) + psd()[:40] + b"\0\7" + bytes(20)
