"""A module with imports and exports, cut short."""

from tests.builders.bytecode_files import producers, wasm_module


def build() -> bytes:
    return wasm_module(producers())[:60]
