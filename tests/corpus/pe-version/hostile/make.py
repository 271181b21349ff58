"""Lengths past the end, of nothing and of a header; a wrong signature; names of other kinds; a block nobody knows."""

import struct

from tests.builders.pe_resources import RCDATA, VERSION, Resource, block, image, version


def build() -> bytes:
    names = {"OriginalFilename": "invoice.pdf", "InternalName": "kernel32.dll", "Comments": "a\x1b[2Jb"}
    wrong = bytearray(version(names, fixed=bytes(52)))
    at = wrong.find("Comments".encode("utf-16-le")) - 6
    struct.pack_into("<H", wrong, at, 0xFFFF)
    empty = block("VS_VERSION_INFO", b"", [block("StringFileInfo", b"", [b"\2\0\0\0\0\0\0\0"]), block("Other", b"x")])
    return image(
        [
            Resource(VERSION, 1, bytes(wrong)),
            Resource(VERSION, 2, empty + b"behind"),
            Resource(VERSION, 3, b"\x40\0\0\0\0\0" + "VS_VERSION".encode("utf-16-le")),
            Resource(VERSION, 4, block("VS_VERSION_INFO", b"short")),
            Resource(RCDATA, 5, version({"FileVersion": "not of this type"})),
        ]
    )
