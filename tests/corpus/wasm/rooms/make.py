"""Custom sections: a name, one that nobody knows, one without a name."""

from tests.builders.bytecode_files import HIDDEN, custom, wasm_module


def build() -> bytes:
    return wasm_module(custom(b"name", b"\0\6\5whale"), custom(b"own", HIDDEN), custom(b"", HIDDEN))
