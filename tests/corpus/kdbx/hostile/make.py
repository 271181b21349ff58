"""A digest that lies, and a field that is longer than the file."""

from tests.builders.keys_files import keepass_file


def build() -> bytes:
    return keepass_file(sound=False) + keepass_file()[:13] + b"\xff\xff\xff\xff"
