"""An icon in three sizes, the largest a PNG, in two languages that share it."""

from tests.builders.pe_resources import DE_DE, GROUP_ICON, ICON, Resource, dib, icon_group, image

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\6\0\0\0" + bytes(range(200))


def build() -> bytes:
    small, middle = dib(16), dib(32)
    group = icon_group([(16, small, 1), (32, middle, 2), (256, PNG, 3)])
    return image(
        [
            Resource(ICON, 1, small),
            Resource(ICON, 2, middle),
            Resource(ICON, 3, PNG),
            Resource(GROUP_ICON, "MAIN", group),
            Resource(GROUP_ICON, "MAIN", group, DE_DE),
        ]
    )
