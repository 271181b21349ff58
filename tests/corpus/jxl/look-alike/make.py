"""A signature without a codestream."""

from tests.builders.images_scans import jxl


def build() -> bytes:
    return jxl()[:40] + bytes(60)
