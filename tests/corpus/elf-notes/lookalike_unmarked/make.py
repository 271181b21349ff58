"""A note's bytes where nothing says that there are notes."""

from tests.builders.elf import LOAD, R, Segment, X, file_header, note, segment


def build() -> bytes:
    load = segment(Segment(LOAD, R | X, 0, 0x40_0000, 0x200, align=0x1000))
    head = file_header({"e_entry": 0x40_0078, "e_phoff": 64, "e_phnum": 1})
    return (head + load + note(b"GNU", 3, bytes(range(20)))).ljust(0x200, b"\0")
