"""A bound library with the bound import directory in the headers, a delayed one of the old kind, and a bound one of it."""

from tests.builders.pe import CODE, Image, Section
from tests.builders.pe import build as image
from tests.builders.pe_tables import RDATA, Library, bound, delayed, imports


def build() -> bytes:
    direct = imports(
        [Library(b"kernel32.dll", (b"Beep", b"Sleep"), timestamp=0x3B7D_FE0E, bound=(0x77E6_1BE6, 0x77E6_1BEA))]
    )
    later = delayed(
        [
            Library(b"shell32.dll", (b"ShellExecuteA", 183)),
            Library(b"ole32.dll", (b"CoInitialize",), timestamp=0x3B7D_FE10, bound=(0x771B_1234,)),
        ],
        rva=0x3000,
        base=0x40_0000,
    )
    modules = [(b"kernel32.dll", 0x3B7D_FE0E, [(b"ntdll.dll", 0x3B7D_FE08)]), (b"user32.dll", 0x3B7D_FE0F, [])]
    binding = bound(modules)
    sections = (
        Section(b".text", b"\xc3" * 64, CODE),
        Section(b".rdata", direct.data, RDATA),
        Section(b".didat", later.data),
    )
    directories = {**direct.directories, **later.directories, 11: (0x240, len(binding))}
    return image(Image(sections=sections, file_alignment=0x400, directories=directories, patches={0x240: binding}))
