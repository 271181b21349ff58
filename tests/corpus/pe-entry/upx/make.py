"""Packed by UPX: sections, pack header, loader."""

from tests.builders.pe import CODE, Image, Section
from tests.builders.pe import build as image
from tests.builders.pe_parts import pack_header


def build() -> bytes:
    loader = bytes.fromhex("53565755 488d35 00f0ffff 488dbe 00d0ffff 57 4883c9ff")
    sections = (Section(b"UPX0", virtual_size=0x4000, flags=CODE), Section(b"UPX1", loader.ljust(0x400, b"z"), CODE))
    made = Image(
        plus=True,
        e_lfanew=0x40,
        sections=sections,
        fields={"AddressOfEntryPoint": 0x5000},
        patches={0x1B0: pack_header()},
    )
    return image(made)
