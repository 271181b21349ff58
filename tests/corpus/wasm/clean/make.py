"""A module with imports and exports, between other bytes."""

from tests.builders.bytecode_files import producers, wasm_module


def build() -> bytes:
    return b"before" * 7 + wasm_module(producers()) + b"after"
