"""An image with a parasite, between other bytes."""

from tests.builders.images_scans import xcf


def build() -> bytes:
    return b"before" + xcf(parasite=b"gimp-comment and so on") + b"after"
