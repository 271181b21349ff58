"""One that ends early."""

from tests.builders.images_scans import dicom


def build() -> bytes:
    return dicom()[:-3]
