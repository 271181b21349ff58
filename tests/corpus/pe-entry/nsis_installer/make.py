"""An installer made by NSIS 3.08, its manifest as proof of that."""

from tests.builders.pe import Image
from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, nsis, resource


def build() -> bytes:
    manifest = b"<assembly><description>Nullsoft Install System v3.08</description></assembly>"
    made = holding(resource(24, 1, manifest), {2: (AT, 0x200)}, plus=False, image=Image(overlay=nsis(600)))
    return image(made)
