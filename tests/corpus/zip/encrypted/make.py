"""The old cipher: one member under a usual password, one under another."""

import random
import zlib

from rorqual.analyzers.formats.archives.zip.ciphers import old_keys
from tests.builders.archives_zip import ZipItem, zip_archive


def _encrypted(plain: bytes, password: bytes) -> bytes:
    table = [zlib.crc32(bytes([byte]), 0xFFFFFFFF) ^ 0xFFFFFFFF for byte in range(256)]
    a, b, c = old_keys(password)
    out = bytearray()
    for byte in random.Random(1).randbytes(11) + zlib.crc32(plain).to_bytes(4, "little")[3:] + plain:
        mask = c & 0xFFFF | 2
        out.append(byte ^ mask * (mask ^ 1) >> 8 & 0xFF)
        a = a >> 8 ^ table[(a ^ byte) & 0xFF]
        b = ((b + (a & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        c = c >> 8 ^ table[(c ^ b >> 24) & 0xFF]
    return bytes(out)


def build() -> bytes:
    opened, shut = b"opened by what all use", b"under a good password"
    return zip_archive(
        ZipItem(b"opened.txt", opened, method=0, flags=1, data=_encrypted(opened, b"infected")),
        ZipItem(b"shut.txt", shut, method=0, flags=1, data=_encrypted(shut, b"correct horse")),
        ZipItem(b"strong.bin", b"who knows", method=0, flags=0x41),
        ZipItem(b"pretended.txt", b"not encrypted at all", flags=1),
    )
