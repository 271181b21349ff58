"""Marks of packers and installers in what is no image."""

from tests.builders.pe_parts import nsis, pack_header, pyinstaller


def build() -> bytes:
    return b"UPX0 UPX1 " + pack_header() + bytes(481) + nsis(600) + pyinstaller()
