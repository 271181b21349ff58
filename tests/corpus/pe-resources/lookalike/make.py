"""A directory whose bytes are no image's, and one that is not there: an image without resources, a tree without one."""

from tests.builders.pe import Image
from tests.builders.pe import build as image
from tests.builders.pe_resources import RCDATA, Resource, section


def build() -> bytes:
    return image(Image(directories={2: (0x7000_0000, 0x1000)})) + section([Resource(RCDATA, 1, b"nobody's")])
