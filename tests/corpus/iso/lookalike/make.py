"""The magic number in its place, and a root directory that is not one."""

from tests.builders.disks_volumes import iso


def build() -> bytes:
    return iso((b"README.TXT;1", b"read me"), root=19)
