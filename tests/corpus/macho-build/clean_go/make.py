"""Module information as Go 1.18 and later write it."""

from tests.builders.macho import Program
from tests.builders.macho import build as program

LINES = (
    "path\texample.com/tool\nmod\texample.com/tool\t(devel)\t\n"
    "dep\tgolang.org/x/sys\tv0.30.0\th1:abc=\n=>\texample.com/fork\tv1.0.0\th1:def=\n"
    "build\t-compiler=gc\nbuild\tGOARCH=arm64\n"
)


def build() -> bytes:
    text = b"0" * 16 + LINES.encode() + b"1" * 16
    size = bytes([len(text) & 0x7F | 0x80, len(text) >> 7])
    data = b"\xff Go buildinf:\x08\x02".ljust(32, b"\0") + b"\x08go1.26.1" + size + text
    return program(Program(data=data, data_section=(b"__DATA", b"__go_buildinfo")))
