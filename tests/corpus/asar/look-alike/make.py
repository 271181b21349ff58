"""Lengths that agree over something else: nothing may be said of these."""

import struct


def build() -> bytes:
    def lengths(text: bytes) -> bytes:
        return struct.pack("<4L", 4, len(text) + 8, len(text) + 4, len(text)) + text

    cut = lengths(b'{"files":{"a":{"size":1,')
    return lengths(b'{"other":{}}') + lengths(b'{"files":[]}') + cut + struct.pack("<4L", 4, 99, 5, 6) + b'{"files":{}}'
