"""The name that made ACE infamous, and a header that says it is of no bytes."""

from tests.builders.solid_others import ace_block, ace_file, ace_main


def build() -> bytes:
    return ace_main() + ace_file(b"C:\\C:C:..\\Startup\\run.exe", b"MZ") + ace_block(1, 1, b"\xff" * 4) + b"\0" * 9
