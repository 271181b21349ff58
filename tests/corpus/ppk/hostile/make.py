"""More lines than there are."""

from tests.builders.keys_files import ppk_file


def build() -> bytes:
    return ppk_file(lines=9999)
