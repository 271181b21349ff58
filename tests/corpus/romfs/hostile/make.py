"""A file header that leads to itself."""

from tests.builders.disks_images import romfs


def build() -> bytes:
    good = bytearray(romfs((b"read me.txt", b"read me")))
    good[35] = 0x22
    good[12:16] = (int.from_bytes(good[12:16], "big") - 0x20 & 0xFFFFFFFF).to_bytes(4, "big")
    return bytes(good)
