"""A checksum that lies, and parts in another order."""

from tests.builders.bytecode_files import odex_file


def build() -> bytes:
    return odex_file(sums=False) + odex_file()[:16] + bytes(4) + odex_file()[20:]
