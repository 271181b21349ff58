"""A constant pool that is longer than told, a code that is longer than its attribute, a superclass that is a text."""

from tests.builders.bytecode_files import java_class


def build() -> bytes:
    good = java_class()
    classes = [
        good[:8] + b"\xff\xff" + good[10:],
        good.replace(b"\0\0\0\1\xb1", b"\0\0\0\x09\xb1"),
        good.replace(b"\7\0\2", b"\7\0\x0b"),
    ]
    return b"".join(classes)
