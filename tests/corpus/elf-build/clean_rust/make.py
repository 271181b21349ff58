"""Rust: the compiler in .comment, its commit in a path, crates that cargo-auditable wrote down."""

import json
import zlib

from tests.builders.elf import Program, Section
from tests.builders.elf import build as program

COMMIT = b"82e1608dfa6e0b5569232559e3d385fea5a93112"


def build() -> bytes:
    crates = [
        {"name": "libc", "version": "0.2.150", "source": "registry"},
        {"name": "cc", "version": "1.0.83", "source": "crates.io", "kind": "build"},
        {"name": "whale", "version": "1.0.0", "source": "local", "dependencies": [0, 1], "root": True},
    ]
    stored = zlib.compressobj(0)  # no library packs it differently
    audit = stored.compress(json.dumps({"packages": crates}).encode()) + stored.flush()
    sections = (
        Section(b".comment", data=b"GCC: (Debian 12.2.0-14) 12.2.0\0rustc version 1.75.0 (82e1608df 2023-12-21)\0"),
        Section(b".rodata", data=b"panicked at /rustc/" + COMMIT + b"/library/core/src/option.rs\0"),
        Section(b".dep-v0", data=audit),
        Section(b".rustc", data=b"rust\0\0\0\x09\0\0\0\x10#rustc 1.75.0 (82e1608df 2023-12-21)"),
    )
    return program(Program(sections=sections))
