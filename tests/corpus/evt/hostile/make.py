"""A record that leads out of the file, and one of no length."""

from tests.builders.stores_files import evt_file


def build() -> bytes:
    good = evt_file()
    return good[:48] + b"\xf0\xff\xff\x7f" + good[52:] + good[:48] + bytes(4) + good[52:]
