"""A comment."""

from tests.builders.stores_files import HIDDEN, torrent_file


def build() -> bytes:
    return torrent_file(comment=HIDDEN)
