"""A chunk of LuaJIT 2.1, between other bytes."""

from tests.builders.bytecode_files import luajit_chunk


def build() -> bytes:
    return b"before" * 7 + luajit_chunk() + b"after"
