"""Version information that no resource tree leads to."""

from tests.builders.pe_resources import RCDATA, Resource, image, version


def build() -> bytes:
    return image([Resource(RCDATA, 16, version({"FileVersion": "1"}))])
