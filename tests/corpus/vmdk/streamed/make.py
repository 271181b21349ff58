"""Markers to the end of the stream."""

from tests.builders.disks_images import vmdk_stream


def build() -> bytes:
    return vmdk_stream() + b"after"
