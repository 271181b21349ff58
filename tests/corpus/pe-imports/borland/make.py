"""Without lookup tables, as old Borland linkers left them out, and one library in two descriptors."""

from tests.builders.pe_tables import Library, image_with, imports


def build() -> bytes:
    libraries = [
        Library(b"kernel32.dll", (b"ExitProcess",), lookup=False),
        Library(b"user32.dll", (b"MessageBoxA",), lookup=False),
        Library(b"KERNEL32.DLL", (b"Sleep",), lookup=False),
    ]
    return image_with(imports(libraries))
