"""One that ends early."""

from tests.builders.images_scans import psd


def build() -> bytes:
    return psd()[:-4]
