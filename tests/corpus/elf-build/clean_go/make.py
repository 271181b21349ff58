"""Go 1.18 and later: version and module information in place."""

from tests.builders.elf import Program, Section
from tests.builders.elf import build as program

TEXT = (
    "path\texample.org/whale/cmd/sing\n"
    "mod\texample.org/whale\tv1.2.3\th1:abc=\n"
    "dep\texample.org/sea\tv0.1.0\th1:def=\n"
    "dep\texample.org/old\tv0.0.1\n"
    "=>\texample.org/new\tv0.0.2\th1:ghi=\n"
    "build\t-compiler=gc\n"
    "build\tGOARCH=amd64\n"
    "build\tvcs.revision=0123456789abcdef\n"
)


def varint(value: int) -> bytes:
    return bytes([value & 0x7F | 0x80, value >> 7]) if value > 0x7F else bytes([value])


def build() -> bytes:
    text = b"\x30" * 16 + TEXT.encode() + b"\x31" * 16
    info = b"\xff Go buildinf:" + bytes([8, 2]) + bytes(16) + varint(8) + b"go1.21.5" + varint(len(text)) + text
    return program(Program(sections=(Section(b".go.buildinfo", data=info),), needed=()))
