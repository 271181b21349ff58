"""A chunk of Lua 5.4, cut short."""

from tests.builders.bytecode_files import lua_chunk


def build() -> bytes:
    return lua_chunk()[:60]
