"""An old program without any."""

from tests.builders.pe import Image
from tests.builders.pe import build as image


def build() -> bytes:
    return image(Image(fields={"DllCharacteristics": 0, "Characteristics": 0x103}))
