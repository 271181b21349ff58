"""Lua 5.1 to 5.3."""

from tests.builders.bytecode_files import lua_chunk


def build() -> bytes:
    return lua_chunk(0x51) + b"-" + lua_chunk(0x52) + b"-" + lua_chunk(0x53)
