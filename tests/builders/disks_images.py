"""Small images: SquashFS, CramFS, romfs, DMG, what virtual machines keep disks in, LUKS, U-Boot images, device trees."""

import base64
import hashlib
import json
import struct
import zlib


def squashfs(*files: tuple[bytes, bytes], method: int = 1, shared: bool = True, version: int = 4) -> bytes:
    """An image of files (name, data) of less than a block each, in one block of fragments or in blocks of their own."""
    block, fragment, inodes, entries = b"", b"", b"", b""
    starts = []
    for _, content in files:
        if shared:
            starts.append(len(fragment))
            fragment += content
        else:
            starts.append(96 + len(block))
            packed = zlib.compress(content)
            block += packed
    head = struct.pack("<HHHHI", 2, 0o644, 0, 0, 1_700_000_000)
    for number, (_, content) in enumerate(files, 1):
        if shared:
            inodes += head + struct.pack("<IIIII", number, 0, 0, starts[number - 1], len(content))
        else:
            size = len(zlib.compress(content))
            inodes += head + struct.pack("<IIIIII", number, starts[number - 1], 0xFFFFFFFF, 0, len(content), size)
    each = len(inodes) // max(1, len(files))
    for number, (name, _) in enumerate(files):
        entries += struct.pack("<HhHH", number * each, number + 1, 2, len(name) - 1) + name
    listing = struct.pack("<III", len(files) - 1, 0, 0) + entries if files else b""
    root = len(inodes)
    inodes += struct.pack("<HHHHIIIIHHI", 1, 0o755, 0, 0, 0, len(files) + 1, 0, 2, len(listing) + 3, 0, 0)

    def meta(data: bytes) -> bytes:
        return struct.pack("<H", len(data) | 0x8000) + data

    packed = zlib.compress(fragment) if fragment else b""
    body = block + packed
    inode_at = 96 + len(body)
    body += meta(inodes)
    directory_at = 96 + len(body)
    body += meta(listing)
    fragment_at = (1 << 64) - 1
    if packed:
        table_at = 96 + len(body)
        body += meta(struct.pack("<QII", 96, len(packed), 0))
        fragment_at = 96 + len(body)
        body += struct.pack("<Q", table_at)
    ids_at = 96 + len(body)
    body += meta(struct.pack("<I", 0))
    id_table = 96 + len(body)
    body += struct.pack("<Q", ids_at)
    used = 96 + len(body)
    none = (1 << 64) - 1
    top = struct.pack(
        "<IIIIHHHHHH", len(files) + 1, 1_700_000_000, 131_072, 1 if packed else 0, method, 17, 0x4, 1, version, 0
    )
    return (
        b"hsqs" + top + struct.pack("<8Q", root, used, id_table, none, inode_at, directory_at, fragment_at, none) + body
    )


def squashfs_3(order: str = ">", used: int = 400) -> bytes:
    """A superblock of version 3 and zeros."""
    head = struct.pack(f"{order}IIIIIIHH", 9, 0, 0, 0, 0, 0, 3, 1) + struct.pack(
        f"{order}HHBBBI", 0, 16, 0, 1, 1, 1_000_000_000
    )
    head += struct.pack(f"{order}QII", 0, 65_536, 1) + struct.pack(f"{order}I", 0)
    head += struct.pack(f"{order}7Q", used, 380, 0, 200, 300, 340, 0)
    return ((b"hsqs" if order == "<" else b"sqsh") + head).ljust(min(used, 2000), b"\x07")


def cramfs(name: bytes, content: bytes, *, order: str = "<", wrong: bool = False) -> bytes:
    """An image of one file of less than a page."""
    packed = zlib.compress(content)
    letters = name.ljust(-(-len(name) // 4) * 4, b"\0")

    def inode(mode: int, size: int, named: int, place: int) -> bytes:
        if order == "<":
            return struct.pack("<HHII", mode, 0, size, named // 4 | place // 4 << 6)
        return struct.pack(">HHII", mode, 0, size << 8, named // 4 << 26 | place // 4)

    entry = 12 + len(letters)
    place = 76 + entry
    body = (
        inode(0x81A4, len(content), len(letters), place)
        + letters
        + struct.pack(f"{order}I", place + 4 + len(packed))
        + packed
    )
    size = 76 + len(body)
    head = (
        struct.pack(f"{order}IIII", 0x28CD3D45, size, 3, 0)
        + b"Compressed ROMFS"
        + struct.pack(f"{order}IIII", 0, 0, 1, 2)
    )
    head += b"Whale".ljust(16, b"\0") + inode(0x41ED, entry, 0, 76)
    value = zlib.crc32(head + body) ^ wrong
    return head[:32] + struct.pack(f"{order}I", value) + head[36:] + body


def romfs(*files: tuple[bytes, bytes], wrong: bool = False) -> bytes:
    """An image of files in its root."""

    def up(data: bytes) -> bytes:
        return data.ljust(-(-len(data) // 16) * 16, b"\0")

    body, at = b"", 32
    for number, (name, content) in enumerate(files):
        named = up(name + b"\0")
        size = 16 + len(named) + len(up(content))
        following = at + size if number + 1 < len(files) else 0
        body += struct.pack(">IIII", following | 2, 0, len(content), 0) + named + up(content)
        at += size
    whole = b"-rom1fs-" + struct.pack(">II", at, 0) + up(b"Whale\0") + body
    first = whole[:512]
    total = -sum(struct.unpack(f">{len(first) // 4}I", first)) & 0xFFFFFFFF
    return whole[:12] + struct.pack(">I", total ^ wrong) + whole[16:]


def dmg(*blocks: tuple[int, int, bytes], gap: bytes = b"", size: int | None = None) -> bytes:
    """An image of one partition of blocks (kind, sectors, bytes as stored)."""
    fork = b"".join(stored for _, _, stored in blocks)
    runs, sector, at = b"", 0, 0
    for kind, count, stored in blocks:
        runs += struct.pack(">IIQQQQ", kind, 0, sector, count, at, len(stored))
        sector, at = sector + count, at + len(stored)
    runs += struct.pack(">IIQQQQ", 0xFFFFFFFF, 0, sector, 0, at, 0)
    table = (
        b"mish"
        + struct.pack(">IQQQII", 1, 0, sector, 0, 0, 0)
        + bytes(24)
        + bytes(136)
        + struct.pack(">I", len(blocks) + 1)
        + runs
    )
    text = b"<?xml version='1.0'?><plist><dict><key>resource-fork</key><dict><key>blkx</key><array><dict><key>Data</key><data>"
    text += (
        base64.b64encode(table)
        + b"</data><key>Name</key><string>disk (Apple_HFS : 1)</string></dict></array></dict></dict></plist>"
    )
    place = len(fork) + len(gap)
    tail = bytearray(512)
    tail[:12] = b"koly\0\0\0\4\0\0\2\0"
    struct.pack_into(">QQ", tail, 24, 0, len(fork) if size is None else size)
    struct.pack_into(">II", tail, 56, 1, 1)
    struct.pack_into(">QQ", tail, 216, place, len(text))
    struct.pack_into(">Q", tail, 492, sector)
    return fork + gap + text + bytes(tail)


def qcow2(*, version: int = 3, crypt: int = 0, extra: bytes = b"", l1: int = 1) -> bytes:
    """An image of one cluster of 512 bytes."""
    long = 104 if version == 3 else 72
    head = b"QFI\xfb" + struct.pack(">IQIIQIIQQIIQ", version, 0, 0, 9, 512, crypt, l1, 1024, 512, 1, 0, 0)
    head += struct.pack(">QQQII", 0, 0, 0, 4, 104) if version == 3 else b""
    first = head.ljust(long, b"\0") + extra
    counts = struct.pack(">Q", 2048).ljust(512, b"\0")
    table = struct.pack(">Q", 1536 | 1 << 63).ljust(512, b"\0")
    second = struct.pack(">Q", 2560 | 1 << 63).ljust(512, b"\0")
    return first.ljust(512, b"\0") + counts + table + second + (b"\0\1" * 6).ljust(512, b"\0") + b"disk" * 128


def vmdk(*, per: int = 4, hidden: bytes = b"") -> bytes:
    """A sparse extent of two grains of 512 bytes, of which the second is there."""
    head = b"KDMV" + struct.pack("<IIQQQQIQQQ", 1, 3, 2, 1, 2, 1, per, 0, 3, 5) + b"\0\n \r\n"
    text = b"# Disk DescriptorFile\nversion=1\n"
    whole = (
        head.ljust(512, b"\0")
        + hidden.ljust(512, b"\0")
        + text.ljust(512, b"\0")
        + struct.pack("<I", 4).ljust(512, b"\0")
    )
    return whole + struct.pack("<4I", 0, 5, 0, 0).ljust(512, b"\0") + b"grain" * 102 + b"!!"


def vmdk_stream() -> bytes:
    """A stream-optimised extent of one grain: markers to the end of the stream."""
    head = b"KDMV" + struct.pack("<IIQQQQIQQQ", 3, 0x30001, 1, 1, 0, 0, 4, 0, (1 << 64) - 1, 1) + b"\0\n \r\n"
    packed = zlib.compress(b"grain" * 102)
    whole = head.ljust(512, b"\0") + (struct.pack("<QI", 0, len(packed)) + packed).ljust(512, b"\0")
    whole += struct.pack("<QII", 1, 0, 1).ljust(512, b"\0") + struct.pack("<4I", 1, 0, 0, 0).ljust(512, b"\0")
    return whole + struct.pack("<QII", 1, 0, 3).ljust(512, b"\0") + head.ljust(512, b"\0") + bytes(512)


def _vhd_sum(data: bytes, at: int) -> bytes:
    return data[:at] + struct.pack(">I", ~sum(data) & 0xFFFFFFFF) + data[at + 4 :]


def vhd_footer(size: int, kind: int, place: int = (1 << 64) - 1) -> bytes:
    """The footer of a disk."""
    head = (
        b"conectix"
        + struct.pack(">IIQI", 2, 0x10000, place, 700_000_000)
        + b"tst \0\1\0\0Wi2k"
        + struct.pack(">QQ", size, size)
    )
    head += b"\0\1\1\1" + struct.pack(">II", kind, 0) + bytes(range(16))
    return _vhd_sum(head.ljust(512, b"\0"), 64)


def vhd_dynamic(hidden: bytes = b"") -> bytes:
    """A dynamic disk of two blocks of 512 bytes, of which the first is there."""
    footer = vhd_footer(1024, 3, 512)
    head = b"cxsparse" + struct.pack(">QQIII", (1 << 64) - 1, 2048, 0x10000, 2, 512)
    header = _vhd_sum(head.ljust(1024, b"\0"), 36)
    table = struct.pack(">II", 5, 0xFFFFFFFF).ljust(512, b"\xff")
    return footer + header + hidden.ljust(512, b"\0") + table + b"\x80".ljust(512, b"\0") + b"disk" * 128 + footer


def crc32c(data: bytes) -> int:
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def _vhdx_sum(data: bytes) -> bytes:
    return data[:4] + struct.pack("<I", crc32c(data)) + data[8:]


def vhdx(*, block: int = 512, wrong: bool = False) -> bytes:
    """A disk without a block that is there: regions right behind the tables."""
    base = 320 << 10
    header = _vhdx_sum((b"head" + bytes(4) + struct.pack("<Q", 1)).ljust(4096, b"\0"))
    table = b"regi" + bytes(4) + struct.pack("<II", 2, 0)
    table += bytes.fromhex("6677c22d23f600429d64115e9bfd4a08") + struct.pack("<QII", base, 64, 1)
    table += bytes.fromhex("06a27c8b90479a4bb8fe575f050f886e") + struct.pack("<QII", base + 64, 256, 1)
    regions = _vhdx_sum(table.ljust(64 << 10, b"\0"))
    if wrong:
        regions = regions[:4] + bytes(4) + regions[8:]
    items = b"metadata" + struct.pack("<HH", 0, 2) + bytes(20)
    items += bytes.fromhex("3767a1ca36fa434db3b633f0aa44e76b") + struct.pack("<IIII", 128, 8, 4, 0)
    items += bytes.fromhex("2442a52f1bcd7648b2115dbed83bf4b8") + struct.pack("<IIII", 136, 8, 4, 0)
    items = items.ljust(128, b"\0") + struct.pack("<IIQ", block, 0, 4096)
    whole = (
        (b"vhdxfile" + "tests".encode("utf-16-le")).ljust(64 << 10, b"\0") + header.ljust(128 << 10, b"\0") + regions
    )
    return whole.ljust(base, b"\0") + bytes(64) + items.ljust(256, b"\0")


def luks_1(payload: int = 2) -> bytes:
    """A header of version 1 and what is encrypted, from sector `payload` on."""
    head = b"LUKS\xba\xbe\0\1" + b"aes".ljust(32, b"\0") + b"xts-plain64".ljust(32, b"\0") + b"sha256".ljust(32, b"\0")
    head += (
        struct.pack(">II", payload, 64)
        + bytes(20)
        + bytes(32)
        + struct.pack(">I", 1000)
        + b"01234567-89ab-cdef".ljust(40, b"\0")
    )
    head += (b"\x00\xac\x71\xf3" + bytes(44)) + (b"\x00\x00\xde\xad" + bytes(44)) * 7
    return head.ljust(1024, b"\0") + bytes(byte * 7 % 251 for byte in range(512))


def luks_2(*, wrong: bool = False) -> bytes:
    """A header of version 2 and what is encrypted."""
    told = {"keyslots": {"0": {}}, "segments": {"0": {"offset": "16384", "encryption": "aes-xts-plain64"}}}
    area = json.dumps(told).encode().ljust(16_384 - 4096, b"\0")
    head = b"LUKS\xba\xbe\0\2" + struct.pack(">QQ", 16_384, 1) + b"whale".ljust(48, b"\0") + b"sha256".ljust(32, b"\0")
    head += bytes(64) + b"01234567-89ab-cdef".ljust(40, b"\0")
    head = head.ljust(4096, b"\0")
    value = hashlib.sha256(head + area).digest()
    value = bytes(32) if wrong else value
    return head[:448] + value.ljust(64, b"\0") + head[512:] + area + bytes(byte * 7 % 251 for byte in range(512))


def uimage(
    data: bytes = b"kernel code" * 4, name: bytes = b"Whale", *, wrong: bool = False, size: int | None = None
) -> bytes:
    """A kernel for ARM."""
    rest = struct.pack(
        ">IIIII", 1_700_000_000, len(data) if size is None else size, 0x8000, 0x8000, zlib.crc32(data) ^ wrong
    )
    head = b"\x27\x05\x19\x56" + bytes(4) + rest + b"\5\2\2\0" + name.ljust(32, b"\0")
    return head[:4] + struct.pack(">I", zlib.crc32(head)) + head[8:] + data


def device_tree(*properties: tuple[bytes, bytes], slack: bytes = b"", token: int = 9) -> bytes:
    """A tree of a root with these properties and an empty node."""
    names, body = b"", struct.pack(">I", 1) + bytes(4)
    for name, value in properties:
        body += struct.pack(">III", 3, len(value), len(names)) + value.ljust(-(-len(value) // 4) * 4, b"\0")
        names += name + b"\0"
    body += struct.pack(">I", 1) + b"inner\0\0\0" + struct.pack(">II", 2, 2) + struct.pack(">I", token)
    start = 56 + len(slack)
    total = start + len(body) + len(names)
    head = struct.pack(">10I", 0xD00DFEED, total, start, start + len(body), 40, 17, 16, 0, len(names), len(body))
    return head + bytes(16) + slack + body + names
