"""Members whose data lie in one another, as in a bomb without nesting."""

import struct
import zlib

from tests.builders.archives_zip import ZipItem, zip_central, zip_local


def build() -> bytes:
    last = ZipItem(b"2", b"the kernel " * 40)
    kernel = zip_local(last)
    quoting = struct.pack("<BHH", 0, len(kernel) - len(last.stored()), 0xFFFF ^ (len(kernel) - len(last.stored())))
    content = kernel[: len(kernel) - len(last.stored())] + last.content
    first = ZipItem(b"1", content, data=quoting + kernel)
    local = zip_local(first)
    assert zlib.decompressobj(-15).decompress(quoting + kernel) == content
    directory = (
        zip_central(first, 0)
        + zip_central(last, len(local) - len(kernel))
        + zip_central(last, len(local) - len(kernel))
    )
    return local + directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 3, 3, len(directory), len(local), 0)
