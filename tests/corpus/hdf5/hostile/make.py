"""An end of file of exabytes, a checksum that lies, a root group that is none."""

from tests.builders.stores_files import hdf5_file


def build() -> bytes:
    good = hdf5_file()
    return hdf5_file(size=1 << 60) + hdf5_file(version=2)[:44] + bytes(60) + good[:80] + b"\xff" * 8 + good[88:]
