"""The last file is cut off."""

from tests.builders.disks_volumes import iso


def build() -> bytes:
    return iso((b"DATA.BIN;1", b"data" * 600))[:-3000]
