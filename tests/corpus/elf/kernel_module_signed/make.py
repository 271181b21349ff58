"""A relocatable object as kernel modules are, with a signature appended as Linux' sign-file does."""

import struct

from tests.builders.elf import ALLOC, EXECINSTR, REL, X86_64, file_header, section


def build() -> bytes:
    names = b"\0.text\0.gnu.linkonce.this_module\0.shstrtab\0"
    text, module = b"\xc3" * 32, bytes(64)
    at = 64
    rows = [
        (0,) * 10,
        (1, 1, ALLOC | EXECINSTR, 0, at, len(text), 0, 0, 16, 0),
        (7, 1, ALLOC | 1, 0, at + 32, len(module), 0, 0, 64, 0),
        (33, 3, 0, 0, at + 96, len(names), 0, 0, 1, 0),
    ]
    body = text + module + names
    body += bytes(-len(body) % 8)
    fields = {"e_type": REL, "e_machine": X86_64, "e_shoff": 64 + len(body), "e_shnum": 4, "e_shstrndx": 3}
    signature = b"\x30\x82\x01\x00" + bytes(i % 7 for i in range(256))
    trailer = struct.pack(">5B3xI", 0, 0, 2, 0, 0, len(signature)) + b"~Module signature appended~\n"
    return file_header(fields | {"e_phentsize": 0}) + body + b"".join(map(section, rows)) + signature + trailer
