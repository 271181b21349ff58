"""Shortcuts, and OneNote sections."""

import struct

HEAD = b"L\0\0\0" + bytes.fromhex("0114020000000000c000000000000046")
FILE_HEAD = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
FILE_TAIL = bytes.fromhex("22a7fb71790f0b4abb13899256426b24")


def lnk(
    *, items: bytes = b"", info: bytes = b"", texts: dict[int, str] | None = None, blocks: tuple[bytes, ...] = ()
) -> bytes:
    """A shortcut; `texts` by their flag."""
    texts = texts or {}
    flags = bool(items) | bool(info) << 1 | sum(texts) | 0x80
    out = HEAD + struct.pack("<2I3Q3IH", flags, 0x20, 132_000_000_000_000_000, 0, 0, 4096, 0, 7, 0) + bytes(10)
    if items:
        out += struct.pack("<H", len(items) + 2) + items + bytes(2)
    out += info
    for _, text in sorted(texts.items()):
        out += struct.pack("<H", len(text)) + text.encode("utf-16-le")
    return out + b"".join(blocks) + bytes(4)


def item(kind: int, name: bytes) -> bytes:
    """A shell item: a drive, or a file with its short name."""
    body = bytes([kind]) + (name + b"\0" if kind & 0x70 == 0x20 else bytes(11) + name + b"\0")
    return struct.pack("<H", len(body) + 2) + body


def volume(path: bytes) -> bytes:
    """LinkInfo of a fixed drive."""
    label = struct.pack("<4I", 16 + 6, 3, 0xCAFE, 16) + b"WHALE\0"
    size = 28 + len(label) + len(path) + 2
    return struct.pack("<7I", size, 28, 1, 28, 28 + len(label), 0, size - 1) + label + path + b"\0\0"


def block(signature: int, data: bytes) -> bytes:
    """A block of extra data."""
    return struct.pack("<2I", len(data) + 8, signature) + data


def tracker(machine: bytes) -> bytes:
    """Where the file was when the shortcut was made."""
    droid = bytes(16) + bytes.fromhex("0011223344556611") + b"\x80\0" + bytes.fromhex("0a0b0c0d0e0f")
    return block(0xA0000003, struct.pack("<2I", 88, 0) + machine.ljust(16, b"\0") + 2 * droid)


def embedded(data: bytes) -> bytes:
    """A file in an object of its own."""
    return FILE_HEAD + struct.pack("<QIQ", len(data), 0, 0) + data + bytes(-len(data) % 8) + FILE_TAIL


def one(data: bytes, *, length: int | None = None) -> bytes:
    """A section that holds a file."""
    kind, form = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3"), bytes.fromhex("3fdd9a101b91f549a5d01791edc8aed8")
    body = bytes.fromhex("c4f4f7f5b17a56a4") + bytes(56) + embedded(data)
    head = bytearray((kind + bytes(32) + form).ljust(1024, b"\0"))
    head[172:184] = struct.pack("<QI", 1024, 64)
    head[196:204] = struct.pack("<Q", 1024 + len(body) if length is None else length)
    return bytes(head) + body
