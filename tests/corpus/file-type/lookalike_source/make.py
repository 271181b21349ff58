"""Four KiB of C, and then no text: data."""


def build() -> bytes:
    return b"#include <stdio.h>\nint main(void) { return 0; }\n" * 100 + bytes(range(256)) * 4
