"""A picture with resources, one of them a thumbnail, between other bytes."""

from tests.builders.images_scans import psd, resource


def build() -> bytes:
    return (
        b"before"
        + psd(
            resource(1005, bytes(16)), resource(4001, b"hidden in a resource"), resource(1036, bytes(28) + b"thumbnail")
        )
        + b"after"
    )
