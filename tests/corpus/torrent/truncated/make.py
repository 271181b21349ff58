"""Two files, cut short."""

from tests.builders.stores_files import torrent_file


def build() -> bytes:
    return torrent_file()[:120]
