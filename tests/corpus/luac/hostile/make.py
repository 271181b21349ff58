"""More instructions than there are, functions in each other without an end."""

from tests.builders.bytecode_files import lua_chunk


def build() -> bytes:
    return lua_chunk(instructions=100) + lua_chunk(0x51)[:-20] + b"\xff" * 20
