"""Counts and lengths of 0xFFFF, blocks of four billion messages, bundles without a number, a menu without an end."""

import struct

from tests.builders.pe_resources import (
    ACCELERATOR,
    DIALOG,
    MENU,
    MESSAGETABLE,
    STRING,
    Resource,
    dialog,
    image,
    messages,
)


def build() -> bytes:
    cut = bytearray(dialog("Cut", [(1, 0x80, "OK")]))
    struct.pack_into("<H", cut, 16, 0xFFFF)
    endless = bytearray(messages({0: ["one", "two"]}))
    struct.pack_into("<I", endless, 8, 0xFFFF_FFFF)
    return image(
        [
            Resource(STRING, 1, b"\xff\xffA\0"),
            Resource(STRING, 0, bytes(32)),
            Resource(STRING, "NAMED", bytes(32)),
            Resource(DIALOG, 1, bytes(cut)),
            Resource(DIALOG, 2, b"\1\0\xff\xff"),
            Resource(MENU, 1, bytes(4) + struct.pack("<H", 0x10) * 40),
            Resource(MENU, 2, b"\2\0\0\0"),
            Resource(ACCELERATOR, 1, bytes(20)),
            Resource(MESSAGETABLE, 1, bytes(endless)),
            Resource(MESSAGETABLE, 2, struct.pack("<IIII", 0xFFFF_FFFF, 9, 8, 0)),
        ]
    )
