"""An unknown extension; a picture longer than the file."""

from tests.builders.images_scans import bpg


def build() -> bytes:
    return bpg(b"hidden in an extension", kind=9) + bpg()[:8] + b"\x8f\xff\xff\xff\x7f" + bpg()[9:]
