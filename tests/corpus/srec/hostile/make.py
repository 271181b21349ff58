"""A checksum that lies, a line that is shorter than told."""

from tests.builders.stores_files import srec_file


def build() -> bytes:
    good = srec_file()
    return good.replace(b"7F", b"7E") + good.replace(b"S214", b"S215")
