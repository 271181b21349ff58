"""e_shnum 0, PN_XNUM and SHN_XINDEX with the numbers in the first section header, for few of each."""

from tests.builders.elf import LOAD, R, Segment, X, file_header, section, segment


def build() -> bytes:
    names = b"\0.text\0.shstrtab\0"
    load = segment(Segment(LOAD, R | X, 0, 0x40_0000, 0x200, align=0x1000))
    body = b"\xc3" * 40 + names
    at = 64 + len(load) + len(body)
    rows = (
        (0, 0, 0, 0, 0, 3, 2, 1, 0, 0),
        (1, 1, 6, 0x40_0000 + 120, 120, 40, 0, 0, 1, 0),
        (7, 3, 0, 0, 160, len(names), 0, 0, 1, 0),
    )
    fields = {"e_entry": 0x40_0078, "e_phoff": 64, "e_phnum": 0xFFFF, "e_shoff": at, "e_shstrndx": 0xFFFF}
    return (file_header(fields) + load + body + b"".join(map(section, rows))).ljust(0x200, b"\0")
