"""A library that imports nothing, with the names of functions in its data."""

from tests.builders.pe import CODE, Image, Section
from tests.builders.pe import build as image


def build() -> bytes:
    text = b"kernel32.dll\0LoadLibraryA\0\0\0GetProcAddress\0" * 9
    sections = (Section(b".text", b"\xc3", CODE), Section(b".rdata", text, 0x4000_0040))
    return image(Image(sections=sections, dll=True, fields={"AddressOfEntryPoint": 0}))
