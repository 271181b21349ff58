"""An archive of PyInstaller's before the certificates."""

from tests.builders.pe import Image
from tests.builders.pe import build as image
from tests.builders.pe_parts import pyinstaller


def build() -> bytes:
    return image(Image(overlay=pyinstaller(), certificate=b"c" * 40))
