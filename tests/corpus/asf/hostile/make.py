"""A file size that lies, and an object of no size."""

from tests.builders.audiovisual_video import asf, asf_object


def build() -> bytes:
    return asf(declared=12) + asf(asf_object("00112233-4455-6677-8899-aabbccddeeff", b"")[:16] + bytes(8))
