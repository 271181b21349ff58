"""A section that is longer than the file, a body that is longer than its section, a section twice."""

from tests.builders.bytecode_files import wasm_module


def build() -> bytes:
    good = wasm_module()
    return good[:9] + b"\xff\xff\xff\x0f" + good[10:] + wasm_module(body=b"\x7f\0\x0b") + good[:16] + good[8:]
