"""Encapsulated PostScript with a binary header."""

import struct

PROGRAM = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n9 9 moveto 1 1 lineto stroke\n%%EOF\n"


def eps(program: bytes = PROGRAM, preview: bytes = b"II*\0\x08\0\0\0\0\0", *, between: bytes = b"") -> bytes:
    """The header, a preview in TIFF, the program."""
    at = 30 + len(preview) + len(between)
    head = b"\xc5\xd0\xd3\xc6" + struct.pack("<6I", at, len(program), 0, 0, 30, len(preview))
    total = 0
    for place in range(0, 28, 2):
        total ^= int.from_bytes(head[place : place + 2], "little")
    return head + struct.pack("<H", total) + preview + between + program
