"""A handle that was not given out, objects in each other without an end, a text that is longer than the file."""

from tests.builders.stores_files import java_objects


def build() -> bytes:
    return (
        java_objects(behind=b"\x71\0\x7e\xff\xff")
        + b"\xac\xed\0\5"
        + b"\x7b" * 300
        + b"\xac\xed\0\5\x7c\0\0\0\0\xff\0\0\0text"
    )
