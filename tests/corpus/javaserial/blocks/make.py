"""Data and texts behind an object."""

from tests.builders.stores_files import java_objects


def build() -> bytes:
    return java_objects(behind=b"\x77\4data\x74\0\3end") + b"tail"
