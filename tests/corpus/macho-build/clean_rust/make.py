"""The path of Rust's standard library in the constants."""

from tests.builders.macho import Program
from tests.builders.macho import build as program


def build() -> bytes:
    path = b"library/core\0/rustc/82e1608dfa6e0b5569232559e3d385fea5a93112/library/core/src/option.rs\0"
    return program(Program(data=path, data_section=(b"__TEXT", b"__const")))
