"""RTF documents, and OLE 1 objects to be written into them."""

import struct


def text(data: bytes) -> bytes:
    """A string with its length, as OLE 1 has them."""
    return struct.pack("<I", len(data) + 1) + data + b"\0"


def ole1(name: bytes, native: bytes) -> bytes:
    """An embedded object."""
    return struct.pack("<2I", 0x501, 2) + text(name) + bytes(8) + struct.pack("<I", len(native)) + native


def package(label: bytes, data: bytes) -> bytes:
    """What the class Package holds: a file."""
    path = b"C:\\" + label + b"\0"
    head = b"\x02\0" + label + b"\0" + path + b"\0\0\x03\0" + struct.pack("<I", len(path)) + path
    return head + struct.pack("<I", len(data)) + data + bytes(2)


def rtf(*groups: bytes) -> bytes:
    """A document of these groups, as a word processor of Windows ends it."""
    return (
        b"{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fnil Arial;}}\r\n" + b"".join(groups) + b"\\par\r\n}\r\n\0"
    )
