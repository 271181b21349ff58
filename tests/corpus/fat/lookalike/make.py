"""The name of the type, and parameters that cannot be."""

from tests.builders.disks_volumes import fat12


def build() -> bytes:
    return fat12(table=0) + b"FAT12   " * 9
