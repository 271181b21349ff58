"""Cut in the middle of the names."""

from tests.builders.pe_tables import Library, image_with, imports


def build() -> bytes:
    tables = imports([Library(b"kernel32.dll", (b"ExitProcess", b"GetProcAddress", b"LoadLibraryA"))])
    data = image_with(tables)
    return data[: data.index(b"GetProcAddress") + 5]
