"""A 64-bit library with an uninitialised section and a payload appended."""

from tests.builders.pe import BSS, CODE, Image, Section
from tests.builders.pe import build as image


def build() -> bytes:
    sections = (
        Section(b".text", b"\xc3" * 700, CODE),
        Section(b".rdata", b"constants " * 90, 0x4000_0040),
        Section(b".bss", flags=BSS, virtual_size=0x3000),
    )
    payload = b"".join(bytes([i * i % 251]) for i in range(4000))
    return image(Image(sections=sections, plus=True, dll=True, overlay=payload))
