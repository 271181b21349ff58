"""A picture with an identification, a comment and unused bytes."""

from tests.builders.images_plain import tga


def build() -> bytes:
    return tga(identification=b"hidden in the field", comment=b"thar she blows", slack=b"and some more") + b"after"
