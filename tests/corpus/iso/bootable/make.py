"""An El Torito catalog whose image no directory has."""

from tests.builders.disks_volumes import boot_catalog, iso


def build() -> bytes:
    return iso((b"README.TXT;1", b"read me"), boot=boot_catalog(23).ljust(2048, b"\0") + b"boot code")
