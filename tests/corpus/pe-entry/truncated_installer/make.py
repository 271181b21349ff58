"""An installer cut in its data: a header that promises more than is there."""

from tests.builders.pe import Image
from tests.builders.pe import build as image
from tests.builders.pe_parts import nsis


def build() -> bytes:
    return image(Image(overlay=nsis(600)))[:-8]
