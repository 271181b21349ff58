"""Marks of everything, with sizes that lie."""

from tests.builders.pe import Image
from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, pyinstaller, resource


def build() -> bytes:
    overlay = (
        b"7z\xbc\xaf\x27\x1c" + b"\xff" * 40 + b"Rar!\x1a\x07\x01\0" + b"\xff" * 40 + b"ISSetupStream" + b"\xff" * 60
    )
    overlay += bytes.fromhex("7777777749874712") + b"\xff" * 40 + pyinstaller().replace(b"\0\0\0", b"\xff\xff\xff")
    made = holding(resource(10, 11111, b"rDlPtS" + b"\1" * 60), {2: (AT, 0x200)}, image=Image(overlay=overlay))
    return image(made)
