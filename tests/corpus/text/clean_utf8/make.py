"""UTF-8 of one to four bytes a character, lines ended by CR LF."""


def build() -> bytes:
    return "naïve €uro \U0001f40b\r\nsecond line\r\n".encode() * 5
