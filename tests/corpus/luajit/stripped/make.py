"""Without a name and lines."""

from tests.builders.bytecode_files import luajit_chunk


def build() -> bytes:
    return luajit_chunk(stripped=True)
