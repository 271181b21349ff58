"""Sequences longer than the file, and without an end."""

from tests.builders.images_scans import dicom, element


def build() -> bytes:
    return dicom(element(0x00400000, b"SQ", b"")[:-4] + b"\xf0\xff\xff\xff") + dicom(
        element(0x00400000, b"SQ", b"")[:-4] + b"\xff" * 4 + b"\xfe\xff\x00\xe0" * 3
    )
