"""A checksum that lies, a line that is shorter than told."""

from tests.builders.stores_files import ihex_file


def build() -> bytes:
    good = ihex_file()
    return good.replace(b"7F", b"7E") + good.replace(b":10", b":1F")
