"""A lead without a header, and headers that promise too much: nothing may be said of these."""

import struct

from tests.builders.archives_packages import rpm_header


def build() -> bytes:
    lead = b"\xed\xab\xee\xdb\3\0\0\0" + bytes(88)
    endless = b"\x8e\xad\xe8\x01" + bytes(4) + struct.pack(">2L", 3, 0x7FFFFFFF) + bytes(48)
    other = rpm_header((269, b"0" * 40)) + bytes(3) + rpm_header((5, b"no name"))
    return lead + b"not a header" + lead + endless + lead + other
