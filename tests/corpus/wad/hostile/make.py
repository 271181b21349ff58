"""A directory of four billion lumps, a lump behind the end, a name that is none."""

from tests.builders.stores_files import wad_file


def build() -> bytes:
    good = wad_file()
    return (
        good[:4]
        + b"\xff" * 4
        + good[8:]
        + good.replace(b"\x13\0\0\0THINGS", b"\xff\xff\xff\x7fTHINGS")
        + good.replace(b"THINGS", b"TH\1NGS")
    )
