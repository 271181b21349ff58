"""A chunk of LuaJIT 2.1, cut short."""

from tests.builders.bytecode_files import luajit_chunk


def build() -> bytes:
    return luajit_chunk()[:30]
