"""One that ends early."""

from tests.builders.images_scans import jp2


def build() -> bytes:
    return jp2()[:-4]
