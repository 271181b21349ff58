"""Two libraries by name and by ordinal, 64 bits."""

from tests.builders.pe_tables import Library, image_with, imports


def build() -> bytes:
    libraries = [
        Library(b"KERNEL32.dll", (b"ExitProcess", b"GetProcAddress", b"LoadLibraryA")),
        Library(b"WS2_32.dll", (115, 23, b"WSASocketW", 500)),
        Library(b"mfc42u.dll", (1176, 6)),
    ]
    return image_with(imports(libraries, plus=True), plus=True)
