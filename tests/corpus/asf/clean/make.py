"""Padding, a description and an unknown object, between other bytes."""

from tests.builders.audiovisual_video import asf, asf_object


def build() -> bytes:
    more = [
        asf_object("1806d474-cadf-4509-a4ba-9aabcb96aae8", b"hidden in padding"),
        asf_object("75b22633-668e-11cf-a6d9-00aa0062ce6c", bytes(10) + b"description"),
        asf_object("00112233-4455-6677-8899-aabbccddeeff", b"nobody knows it"),
    ]
    return b"before" + asf(*more) + b"after"
