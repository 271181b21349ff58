"""PE header at 4, inside the DOS header; the section table lies on the optional header."""

from tests.builders.pe import Image
from tests.builders.pe import build as image


def build() -> bytes:
    fields = {"SizeOfOptionalHeader": 8, "NumberOfSections": 3}
    return image(Image(e_lfanew=4, section_alignment=4, file_alignment=4, fields=fields))
