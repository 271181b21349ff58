"""One that ends early."""

from tests.builders.images_scans import jxl


def build() -> bytes:
    return jxl()[:-4]
