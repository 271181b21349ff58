"""Small whole files of several formats, and ways to put two into one."""

import gzip
import io
import struct
import zipfile
import zlib


def png(*, comment: bytes = b"") -> bytes:
    """One grey pixel; the comment stands in a private chunk."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    private = chunk(b"whAl", comment) if comment else b""
    return b"\x89PNG\r\n\x1a\n" + header + private + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


def archive(*names: str, stored: bytes = b"in the archive " * 4) -> bytes:
    """A ZIP of members that are all alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names or ("a.txt",):
            made.writestr(zipfile.ZipInfo(name), stored)
    return out.getvalue()


def member(data: bytes = b"in the member " * 9) -> bytes:
    """A gzip member."""
    return gzip.compress(data, mtime=0)


def elf() -> bytes:
    """An ELF header with one segment that holds it."""
    ident = b"\x7fELF\2\1\1" + bytes(9)
    head = struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400078, 64, 0, 0, 64, 56, 1, 64, 0, 0)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 128, 128, 4096)
    return ident + head + segment + b"\xb8\x3c\0\0\0\x0f\x05\xc3"


def picture(*, comment: bytes = b"") -> bytes:
    """A JPEG of one block of 8 by 8 grey pixels, whose first segment is the comment, if there is one."""

    def segment(code: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, code, len(data) + 2) + data

    table = bytes([0, 1, *bytes(15), 0])
    said = segment(0xFE, comment) if comment else b""
    return (
        b"\xff\xd8"
        + said
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + segment(0xDB, b"\0" + b"\1" * 64)
        + segment(0xC0, struct.pack(">BHHB3B", 8, 8, 8, 1, 1, 0x11, 0))
        + segment(0xC4, table)
        + segment(0xC4, b"\x10" + table[1:])
        + segment(0xDA, b"\1\1\0\0\x3f\0")
        + b"\x3f"
        + b"\xff\xd9"
    )


def near(hidden: bytes) -> bytes:
    """A JPEG whose comment would be `hidden`, of which the JPEG's first four bytes stand in place of its own."""
    whole = picture(comment=hidden[6:])
    return whole[:4] + hidden[4:6] + whole[6:]
