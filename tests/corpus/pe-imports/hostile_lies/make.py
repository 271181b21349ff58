"""Lookup tables in the headers, outside the image and on top of each other; names that are none; all in code."""

import struct

from tests.builders.pe import CODE
from tests.builders.pe_tables import RVA, Library, Tables, image_with, imports


def build() -> bytes:
    libraries = [Library(b"\x1b[2Jevil.dll", (b"\xff\xfe", b"good")), *[Library(b"a.dll", (b"one", b"two"))] * 4]
    data = bytearray(imports(libraries).data)
    struct.pack_into("<I", data, 20, 0x40)  # lookup table in the headers
    struct.pack_into("<I", data, 40, 0xFFFF_0000)
    lookup = struct.unpack_from("<I", data, 80)[0]
    struct.pack_into("<I", data, 60, lookup)
    struct.pack_into("<II", data, lookup - RVA, lookup, 0x7FFF_FFFF)  # a name in the thunks, a name nowhere
    struct.pack_into("<I", data, 92, 0x7FFF_0000)  # a library's name nowhere
    return image_with(Tables(bytes(data), {1: (RVA, 20)}), flags=CODE | 0x8000_0000)
