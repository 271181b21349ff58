"""An object with something in its preamble and a private element."""

from tests.builders.images_scans import dicom, element


def build() -> bytes:
    return dicom(element(0x00091001, b"LO", b"private to us"), preamble=b"MZ" + bytes(126)) + b"after"
