"""Numbers of no release, and a release without a code object."""


def build() -> bytes:
    return (
        b"\x42\x0d\r\n" * 9
        + b"\xff\x0f\r\n"
        + bytes(12)
        + b"\xe3"
        + bytes(30)
        + b"\xa7\x0d\r\n"
        + bytes(12)
        + b"\xe3"
        + b"\0\0\0\0no code" * 3
    )
