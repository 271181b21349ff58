"""7z archives, by the rules of 7zFormat.txt."""

import lzma
import struct
import zlib

LZMA2 = {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}
SIGNATURE = b"7z\xbc\xaf\x27\x1c\x00\x04"


def number(value: int) -> bytes:
    """A number below 2 to the power of 14."""
    return bytes((value,)) if value < 0x80 else bytes((0x80 | value >> 8, value & 0xFF))


def folder(packed: int, size: int, coder: bytes, crc: int, at: int = 0) -> bytes:
    """One packed stream and the folder that it is."""
    streams = b"\x06" + number(at) + b"\x01\x09" + number(packed) + b"\x00"
    return (
        streams
        + b"\x07\x0b\x01\x00\x01"
        + coder
        + b"\x0c"
        + number(size)
        + b"\x0a\x01"
        + struct.pack("<I", crc)
        + b"\x00"
    )


def database(files: list[tuple[str, bytes]], packed: int, coder: bytes, at: int = 0, dummy: bytes = b"") -> bytes:
    """A header of files that are all in one folder."""
    whole = b"".join(data for _, data in files)
    names = b"\0" + b"".join(name.encode("utf-16-le") + b"\0\0" for name, _ in files)
    parts = b"\x0d" + number(len(files))
    if len(files) > 1:
        parts += b"\x09" + b"".join(number(len(data)) for _, data in files[:-1])
        parts += b"\x0a\x01" + b"".join(struct.pack("<I", zlib.crc32(data)) for _, data in files)
    info = b"\x05" + number(len(files)) + b"\x11" + number(len(names)) + names
    info += b"\x19" + number(len(dummy)) + dummy if dummy else b""
    streams = folder(packed, len(whole), coder, zlib.crc32(whole), at) + b"\x08" + parts + b"\0\0"
    return b"\x01\x04" + streams + info + b"\0\0"


def archive(packed: bytes, header: bytes) -> bytes:
    """The signature header, packed streams and the database."""
    rest = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
    return SIGNATURE + struct.pack("<I", zlib.crc32(rest)) + rest + packed + header


def lzma2(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=[LZMA2])


def build7z(
    files: list[tuple[str, bytes]],
    *,
    stored: bool = False,
    packed_header: bool = False,
    before: bytes = b"",
    dummy: bytes = b"",
) -> bytes:
    """An archive of one folder: LZMA2, or stored; its header packed, or plain."""
    whole = b"".join(data for _, data in files)
    packed, coder = (whole, b"\x01\x00") if stored else (lzma2(whole), b"\x21\x21\x01\x08")
    header = database(files, len(packed), coder, len(before), dummy)
    packed = before + packed
    if packed_header:
        inner = lzma2(header)
        outer = folder(len(inner), len(header), b"\x21\x21\x01\x08", zlib.crc32(header), len(packed))
        return archive(packed + inner, b"\x17" + outer + b"\0")
    return archive(packed, header)
