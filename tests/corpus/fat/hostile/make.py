"""A chain that is a circle, and a cluster that is not there."""

from tests.builders.disks_volumes import fat12


def build() -> bytes:
    return fat12((b"DATA    BIN", b"data" * 300), (b"FAR     BIN", b"far"), chain={2: 3, 3: 2, 5: 0x900})
