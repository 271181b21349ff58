"""A component around a module's sections."""

from tests.builders.bytecode_files import custom


def build() -> bytes:
    return b"\0asm\x0d\0\1\0" + b"\1\x08\0asm\1\0\0\0" + custom(b"component-name", b"\0\6\5whale")
