"""CodeView data, and no directory."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import holding, rsds


def build() -> bytes:
    return image(holding(rsds(b"a.pdb"), {}))
