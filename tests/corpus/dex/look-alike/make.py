"""The magic alone, and a header whose size cannot be."""

from tests.builders.bytecode_files import dex_file


def build() -> bytes:
    return b"dex\n035\0" * 9 + dex_file()[:32] + b"\x10\0\0\0" + dex_file()[36:]
