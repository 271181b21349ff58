"""A volume that ends before its files, and a name that leads out."""

from tests.builders.disks_volumes import iso, rock_name


def build() -> bytes:
    return iso((b"A.TXT;1", b"read me"), (b"B.TXT;1", b"more"), blocks=22, uses=(rock_name(b"../../etc/passwd"),))
