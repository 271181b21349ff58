"""A prototype that is too short for its parts, and one that is longer than the file."""

from tests.builders.bytecode_files import luajit_chunk


def build() -> bytes:
    good = luajit_chunk()
    return good[:16] + b"\6" + good[17:] + luajit_chunk(stripped=True)[:5] + b"\xff\xff\3" + good[17:]
