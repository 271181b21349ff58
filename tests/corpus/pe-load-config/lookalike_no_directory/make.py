"""The structure, and no directory."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import holding, load_config


def build() -> bytes:
    return image(holding(load_config({}, 0x140), {}))
