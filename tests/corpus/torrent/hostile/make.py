"""A text that is longer than the file, lists in each other without an end."""

from tests.builders.stores_files import torrent_file


def build() -> bytes:
    good = torrent_file()
    return good.replace(b"20:", b"2000000:") + b"d8:announce" + b"l" * 100
