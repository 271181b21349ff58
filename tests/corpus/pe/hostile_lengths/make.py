"""Every length is a lie: sizes of headers, directories, symbols, certificates and sections."""

from tests.builders.pe import CODE, Image, Section
from tests.builders.pe import build as image


def build() -> bytes:
    sections = (
        Section(b".text", b"\xc3" * 0x300, CODE, virtual_size=0xFFFF_FFFF, raw_size=0xFFFF_FFFF),
        Section(b"/9999999", b"x", CODE | 0x8000_0000, raw_pointer=0xFFFF_FFFF),
        Section(b"\x1b[2J\\\xff", b"y", raw_pointer=0x201, virtual_address=0x1000),
        Section(b"", raw_size=0x7FFF_FFFF),
    )
    fields = {
        "PointerToSymbolTable": 0x7FFF_FFFF,
        "NumberOfSymbols": 0xFFFF_FFFF,
        "SizeOfImage": 0xFFFF_FFFF,
        "SizeOfHeaders": 0xFFFF_FFFF,
        "NumberOfRvaAndSizes": 0xFFFF_FFFF,
        "AddressOfEntryPoint": 0xFFFF_FFFF,
        "LoaderFlags": 0xFFFF_FFFF,
        "Win32VersionValue": 0xFFFF_FFFF,
    }
    directories = {i: (0xFFFF_FFFF - i, 0xFFFF_FFFF) for i in range(16)}
    return image(Image(sections=sections, fields=fields, directories=directories))
