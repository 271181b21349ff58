"""A resource without a number; a section longer than the file."""

from tests.builders.images_scans import psd, resource


def build() -> bytes:
    return psd(resource(0, b"whale" * 9), compression=2) + psd()[:26] + b"\x7f\xff\xff\xff" + psd()[30:]
