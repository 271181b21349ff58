"""RPM packages, Chrome extensions and Electron archives."""

import gzip
import hashlib
import json
import struct

from tests.builders.archives_plain import cpio_member, cpio_trailer

STRING, STRINGS, INT16, INT32 = 6, 8, 3, 4


def rpm_header(*tags: tuple[int, bytes | int | list[bytes]]) -> bytes:
    """A header with its tags in this order."""
    index, store = b"", b""
    for number, value in tags:
        if isinstance(value, int):
            store += bytes(-len(store) % 4)
            kind, count, content = INT32, 1, struct.pack(">L", value)
        elif isinstance(value, list):
            kind, count, content = STRINGS, len(value), b"".join(one + b"\0" for one in value)
        else:
            kind, count, content = STRING, 1, value + b"\0"
        index += struct.pack(">4L", number, kind, len(store), count)
        store += content
    return b"\x8e\xad\xe8\x01" + bytes(4) + struct.pack(">2L", len(tags), len(store)) + index + store


def rpm_package(
    *,
    lead: bytes = b"whale-1.0-1",
    sha1: bytes | None = None,
    size: int | None = None,
    digest: bytes | None = None,
    script: bytes = b"#!/bin/sh\necho installed",
) -> bytes:
    """A package of one file; what is given takes the place of what is true."""
    cpio = cpio_member("newc", b"./usr/bin/whale", b"#!/bin/sh\necho whale\n", mode=0o100755) + cpio_trailer("newc")
    payload = gzip.compress(cpio, mtime=0)
    true = hashlib.sha256(payload).hexdigest().encode()
    header = rpm_header(
        (1000, b"whale"),
        (1001, b"1.0"),
        (1002, b"1"),
        (1004, b"keeps what feeds it"),
        (1006, 1_700_000_000),
        (1022, b"noarch"),
        (1024, script),
        (1117, [b"whale"]),
        (1124, b"cpio"),
        (1125, b"gzip"),
        (5092, [digest or true]),
        (5093, 8),
    )
    made = hashlib.sha1(header, usedforsecurity=False).hexdigest().encode()
    signatures = rpm_header((269, sha1 or made), (1000, len(header) + len(payload) if size is None else size))
    signatures += bytes(-len(signatures) % 8)
    fixed = struct.pack(">4s2B2H66s2H16s", b"\xed\xab\xee\xdb", 3, 0, 0, 1, lead, 1, 5, b"")
    return fixed + signatures + header + payload


def message(*fields: tuple[int, bytes]) -> bytes:
    """A protocol buffer of fields with lengths."""

    def varint(value: int) -> bytes:
        out = bytearray()
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        return bytes([*out, value])

    return b"".join(varint(number << 3 | 2) + varint(len(content)) + content for number, content in fields)


def crx3(archive: bytes, *, key: bytes = b"a public key", name: bytes | None = None, more: bytes = b"") -> bytes:
    """An extension of version 3."""
    name = hashlib.sha256(key).digest()[:16] if name is None else name
    header = message((2, message((1, key), (2, b"a signature"))), (10_000, message((1, name)))) + more
    return b"Cr24" + struct.pack("<2L", 3, len(header)) + header + archive


def crx2(archive: bytes) -> bytes:
    """An extension of version 2."""
    return b"Cr24" + struct.pack("<3L", 2, 12, 9) + b"a public key" + b"signature" + archive


def asar(tree: dict[str, object], data: bytes, *, padding: bytes = b"") -> bytes:
    """An Electron archive; `tree` is what "files" holds."""
    text = json.dumps({"files": tree}, separators=(",", ":")).encode()
    padding = padding or bytes(-len(text) % 4)
    inner = 4 + len(text) + len(padding)
    return struct.pack("<4L", 4, inner + 4, inner, len(text)) + text + padding + data
