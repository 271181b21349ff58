"""Implicit, big-endian and deflated data sets, and a sequence of undefined length."""

from tests.builders.images_scans import dicom, element


def build() -> bytes:
    items = b"\xfe\xff\x00\xe0\xff\xff\xff\xff" + element(0x00080100, b"SH", b"code") + b"\xfe\xff\x0d\xe0" + bytes(4)
    items += b"\xfe\xff\xdd\xe0" + bytes(4)
    return (
        dicom(syntax=b"1.2.840.10008.1.2", vr=False)
        + dicom(syntax=b"1.2.840.10008.1.2.2", order=">")
        + dicom(syntax=b"1.2.840.10008.1.2.1.99")
        + dicom(element(0x00400000, b"SQ", b"")[:-4] + b"\xff" * 4 + items)
    )
