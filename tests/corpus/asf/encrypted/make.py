"""Content that is closed."""

from tests.builders.audiovisual_video import asf, asf_object


def build() -> bytes:
    return asf(asf_object("2211b3fb-bd23-11d2-b4b7-00a0c955fc6e", bytes(20)))
