"""A file whose clusters are not in a row."""

from tests.builders.disks_volumes import fat12


def build() -> bytes:
    return b"before" + fat12((b"DATA    BIN", b"data" * 300), chain={2: 5, 5: 3, 3: 0xFFF, 4: 0}) + b"after"
