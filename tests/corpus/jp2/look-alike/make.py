"""Signatures without a codestream."""

from tests.builders.images_scans import jp2


def build() -> bytes:
    return jp2()[:40] + bytes(60) + jp2()[:12] + b"\0\0\0\x14ftyp" + bytes(20)
