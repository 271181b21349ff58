"""A program without a dynamic table, with text that would be one."""

from tests.builders.elf import LOAD, R, Segment, X, file_header, segment


def build() -> bytes:
    load = segment(Segment(LOAD, R | X, 0, 0x40_0000, 0x200, align=0x1000))
    text = b"\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0libc.so.6\0.dynamic\0"
    return (file_header({"e_entry": 0x40_0078, "e_phoff": 64, "e_phnum": 1}) + load + text).ljust(0x200, b"\0")
