"""Rock Ridge names, and Joliet ones for the same files."""

from tests.builders.disks_volumes import iso, rock_name


def build() -> bytes:
    return iso((b"README.TXT;1", b"read me"), uses=(rock_name(b"a longer name.text"),), joliet=True)
