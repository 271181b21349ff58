"""A section that says to be longer than it is, and a file that says so too."""

import struct

from tests.builders.documents_lnk import FILE_HEAD, one


def build() -> bytes:
    return one(b"whale", length=1 << 50) + FILE_HEAD + struct.pack("<QIQ", 1 << 39, 0, 0) + b"what is there"
