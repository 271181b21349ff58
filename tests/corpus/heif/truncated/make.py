"""One that ends early."""

from tests.builders.images_scans import heif


def build() -> bytes:
    return heif()[:-10]
