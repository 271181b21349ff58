"""A picture of an unsaid size, which reaches to the end."""

from tests.builders.images_scans import bpg


def build() -> bytes:
    return bpg(b"x" * 20, picture=False)
