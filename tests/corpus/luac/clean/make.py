"""A chunk of Lua 5.4, between other bytes."""

from tests.builders.bytecode_files import lua_chunk


def build() -> bytes:
    return b"before" * 7 + lua_chunk() + b"after"
