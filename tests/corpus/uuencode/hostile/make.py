"""Lines longer and shorter than they say, a path for a name, a file without an end."""

import binascii


def build() -> bytes:
    line = binascii.b2a_uu(b"what feeds it, and what else there is")
    path = b"begin 755 ../../etc/krill\n" + line + b"M" + b"A" * 9 + b"\nend\n"
    return path + b"begin 0600 b\n" + line * 3 + b"#" + b"A" * 70 + b"\n"
