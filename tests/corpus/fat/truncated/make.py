"""The volume is cut."""

from tests.builders.disks_volumes import fat12


def build() -> bytes:
    return fat12((b"README  TXT", b"read me"))[:4000]
