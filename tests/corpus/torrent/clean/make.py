"""Two files, between other bytes."""

from tests.builders.stores_files import torrent_file


def build() -> bytes:
    return b"before" * 7 + torrent_file() + b"after"
