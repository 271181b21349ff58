"""One that ends early."""

from tests.builders.images_scans import bpg


def build() -> bytes:
    return bpg()[:-4]
