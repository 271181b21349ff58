"""A partition, a sector of nobody that is not empty."""

from tests.builders.disks_volumes import gpt


def build() -> bytes:
    return gpt(b"disk" * 200, gap=b"hidden in a gap") + b"after"
