"""The magic before text, and a header alone."""

from tests.builders.bytecode_files import lua_chunk


def build() -> bytes:
    return b"\x1bLua\x54\0 is what compiled Lua begins with" + lua_chunk()[:31] + b"\0" * 40
