"""A volume that says it is longer than the source, as some tools write."""

from tests.builders.disks_volumes import iso


def build() -> bytes:
    return iso((b"README.TXT;1", b"read me"), blocks=175)
