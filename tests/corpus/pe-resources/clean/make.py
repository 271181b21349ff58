"""Resources of known and own types, by number and by name, in two languages; a PNG, a text, a bitmap."""

from tests.builders.pe_resources import BITMAP, DE_DE, MANIFEST, RCDATA, Resource, dib, image


def build() -> bytes:
    return image(
        [
            Resource(BITMAP, 1, dib(16)),
            Resource(RCDATA, "SETTINGS", b"colour = blue\r\nsize = 12\r\n", code_page=1252),
            Resource(RCDATA, "SETTINGS", b"farbe = blau\r\ngroesse = 12\r\n", DE_DE, code_page=1252),
            Resource("IMAGE", 7, b"\x89PNG\r\n\x1a\n" + bytes(40)),
            Resource(300, 1, b"tiny", 0),
            Resource(MANIFEST, 1, b'<?xml version="1.0"?><assembly/>'),
        ]
    )
