"""A volume of two files with slack, and a system area that is not empty."""

from tests.builders.disks_volumes import iso


def build() -> bytes:
    return iso((b"README.TXT;1", b"read me"), (b"DATA.BIN;1", b"data" * 600), system=b"hidden before the volume")
