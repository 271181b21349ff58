"""As MinGW links it: a COFF symbol table behind the sections, and section names in its string table."""

from tests.builders.pe import CODE, Image, Section
from tests.builders.pe import build as image


def build() -> bytes:
    sections = (
        Section(b".text", b"\x90" * 100, CODE),
        Section(b"/4", b"debug information", 0x4210_0040),
        Section(b"/16", b"line numbers", 0x4210_0040),
    )
    symbol = b"main\0\0\0\0" + bytes(4) + b"\x01\0\x20\0\x02\0"
    return image(Image(sections=sections, symbols=symbol * 3, strings=b".debug_info\0.debug_line\0"))
