"""More icons declared than there are, icons that are missing, overlap or lie outside; a group that is none."""

import struct

from tests.builders.pe_resources import GROUP_ICON, ICON, RVA, Resource, dib, icon_group, image, section


def build() -> bytes:
    icon = dib(16)
    group = icon_group([(16, icon, 1)])
    resources = [
        Resource(ICON, 1, icon),
        Resource(ICON, 2, b""),
        Resource(ICON, 3, icon, rva=0x7000_0000, size=0xFFFF_FFFF),
        Resource(GROUP_ICON, 1, struct.pack("<HHH", 0, 1, 0xFFFF) + group[6:] * 3),
        Resource(GROUP_ICON, 2, icon_group([(16, icon, 2)])),
        Resource(GROUP_ICON, 3, icon_group([(16, icon, 3), (16, icon, 4)])),
        Resource(GROUP_ICON, 4, b"\0\0\2\0\1\0" + bytes(14)),
        Resource(GROUP_ICON, 5, b"\0\0"),
    ]
    place = RVA + section(resources).find(icon)
    resources[1] = Resource(ICON, 2, b"", rva=place + 8, size=len(icon))
    return image(resources)
