"""Small volumes: ISO 9660, FAT, exFAT, ext2, NTFS, and the tables that part a disk."""

import struct
import zlib

SECTOR = 2048


def both(value: int, size: int = 4) -> bytes:
    """A number in both byte orders."""
    return value.to_bytes(size, "little") + value.to_bytes(size, "big")


def iso_record(name: bytes, block: int, size: int, *, flags: int = 0, use: bytes = b"") -> bytes:
    """A directory record."""
    pad = b"" if len(name) % 2 else b"\0"
    length = 33 + len(name) + len(pad) + len(use)
    use += b"\0" * (length % 2)
    length += length % 2
    date = bytes([126, 11, 23, 12, 30, 0, 0])
    head = bytes([length, 0]) + both(block) + both(size) + date + bytes([flags, 0, 0]) + both(1, 2) + bytes([len(name)])
    return head + name + pad + use


def iso(
    *files: tuple[bytes, bytes],
    system: bytes = b"",
    blocks: int | None = None,
    uses: tuple[bytes, ...] = (),
    boot: bytes = b"",
    root: int = 20,
    joliet: bool = False,
) -> bytes:
    """A volume of files (name, data): descriptors from sector 16 on, the root directory in 20, files from 24 on."""
    place, records, wide, data = 24, b"", b"", b""
    for number, (name, content) in enumerate(files):
        use = uses[number] if number < len(uses) else b""
        records += iso_record(name, place, len(content), use=use)
        wide += iso_record(name.lower().decode("latin-1").encode("utf-16-be"), place, len(content))
        data += content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\0")
        place += -(-len(content) // SECTOR)
    total = place if blocks is None else blocks

    def directory(at: int, inner: bytes) -> bytes:
        own = iso_record(b"\0", at, SECTOR, flags=2), iso_record(b"\1", at, SECTOR, flags=2)
        return (b"".join(own) + inner).ljust(SECTOR, b"\0")

    def descriptor(kind: int, at: int, escape: bytes = b"") -> bytes:
        head = bytes([kind]) + b"CD001\1\0" + b"TESTS".ljust(32) + b"WHALE".ljust(32) + bytes(8) + both(total)
        head += escape.ljust(32, b"\0") + both(1, 2) + both(1, 2) + both(SECTOR, 2) + both(10) + bytes(16)
        head += iso_record(b"\0", at, SECTOR, flags=2)
        return (head.ljust(813, b" ") + b"2026112312300000\0" * 4).ljust(881, b"\0") + b"\1".ljust(SECTOR - 881, b"\0")

    area = descriptor(1, root)
    if boot:
        area += (b"\0CD001\1EL TORITO SPECIFICATION".ljust(71, b"\0") + (22).to_bytes(4, "little")).ljust(SECTOR, b"\0")
    if joliet:
        area += descriptor(2, 21, b"%/E")
    area += b"\xffCD001\1".ljust(SECTOR, b"\0")
    area = area.ljust(4 * SECTOR, b"\0") + directory(20, records) + (directory(21, wide) if joliet else bytes(SECTOR))
    return system.ljust(16 * SECTOR, b"\0") + area + boot.ljust(2 * SECTOR, b"\0") + data


def boot_catalog(block: int) -> bytes:
    """An El Torito catalog of one image of a sector at `block`."""
    head = bytearray(b"\1\0\0\0" + b"tests".ljust(24, b"\0") + b"\0\0\x55\xaa")
    head[28:30] = (-sum(struct.unpack("<16H", head)) & 0xFFFF).to_bytes(2, "little")
    return bytes(head) + b"\x88\0\0\0\0\0\1\0" + block.to_bytes(4, "little") + bytes(20)


def rock_name(name: bytes) -> bytes:
    """A Rock Ridge name."""
    return b"NM" + bytes([5 + len(name), 1, 0]) + name


def fat12(
    *files: tuple[bytes, bytes],
    chain: dict[int, int] | None = None,
    deleted: bytes = b"",
    table: int = 1,
    slack: bytes = b"",
) -> bytes:
    """A volume of files (name of 8 + 3 letters, data) in clusters of 512 bytes, of 24 sectors."""
    sectors, entries, data = 24, bytearray(512 * table), bytearray(512 * 24)
    values, records, cluster = {0: 0xFF8, 1: 0xFFF}, b"WHALE      \x08".ljust(32, b"\0"), 2
    for name, content in files:
        records += name + b"\x20" + bytes(10) + b"\x00\x60\x77\x5d" + struct.pack("<HI", cluster, len(content))
        for at in range(0, len(content), 512):
            data[(cluster - 2) * 512 : (cluster - 2) * 512 + min(512, len(content) - at)] = content[at : at + 512]
            values[cluster] = cluster + 1 if at + 512 < len(content) else 0xFFF
            cluster += 1
    end = (cluster - 2) * 512 - len(slack)
    data[end : end + len(slack)] = slack
    if deleted:
        records += b"\xe5" + deleted[1:] + b"\x20" + bytes(14) + struct.pack("<HI", cluster, 5)
    for number, value in {**values, **(chain or {})}.items():
        at = number * 3 // 2
        old = int.from_bytes(entries[at : at + 2], "little")
        new = (old & 0x000F) | value << 4 if number & 1 else (old & 0xF000) | value
        entries[at : at + 2] = new.to_bytes(2, "little")
    boot = b"\xeb\x3c\x90tests   " + struct.pack("<HBHBHHBHHHII", 512, 1, 1, 1, 16, sectors, 0xF8, table, 1, 1, 0, 0)
    boot += b"\x80\0\x29\x78\x56\x34\x12" + b"WHALE      FAT12   "
    whole = boot.ljust(510, b"\0") + b"\x55\xaa" + bytes(entries) + records.ljust(512, b"\0") + bytes(data)
    return whole[: sectors * 512]


def exfat(*files: tuple[str, bytes], sum_wrong: bool = False) -> bytes:
    """A volume of files in clusters of 512 bytes; 48 sectors, the heap from sector 32 on, the root in cluster 2."""
    head = bytearray(512)
    head[:11] = b"\xeb\x76\x90EXFAT   "
    struct.pack_into("<QQIIIIII", head, 64, 0, 48, 24, 1, 32, 16, 2, 0x1234)
    head[104:106], head[108:111], head[510:] = b"\0\1", b"\x09\0\1", b"\x55\xaa"
    region = bytes(head) + (bytes(508) + b"\0\0\x55\xaa") * 8 + bytes(1024)
    value = 0
    for at, byte in enumerate(region):
        if at not in (106, 107, 112):
            value = ((value >> 1 | value << 31) + byte) & 0xFFFFFFFF
    region += struct.pack("<I", value ^ sum_wrong) * 128
    table, cluster = bytearray(512), 3
    struct.pack_into("<III", table, 0, 0xFFFFFFF8, 0xFFFFFFFF, 0xFFFFFFFF)
    records, data = b"\x83\5" + "Whale".encode("utf-16-le").ljust(30, b"\0"), b""
    for name, content in files:
        stream = (
            b"\xc0\3\0" + bytes([len(name)]) + bytes(4) + struct.pack("<Q4xIQ", len(content), cluster, len(content))
        )
        records += b"\x85\2" + bytes(10) + b"\x00\x60\x77\x5d" + bytes(16) + stream
        records += b"\xc1\0" + name.encode("utf-16-le").ljust(30, b"\0")
        data += content.ljust(-(-len(content) // 512) * 512, b"\0")
        cluster += -(-len(content) // 512)
    return ((region * 2).ljust(24 * 512, b"\0") + table).ljust(32 * 512, b"\0") + (
        records.ljust(512, b"\0") + data
    ).ljust(16 * 512, b"\0")


def ext2(*files: tuple[bytes, bytes], blocks: int = 24, root: int = 2) -> bytes:
    """A volume of files in blocks of 1,024 bytes: inodes in 5 and 6, the root directory in 7, files from 8 on."""
    inodes, data, place = bytearray(16 * 128), b"", 8
    entries = struct.pack("<IHBB", root, 12, 1, 2) + b".\0\0\0" + struct.pack("<IHBB", 2, 12, 2, 2) + b"..\0\0"
    struct.pack_into("<HHI", inodes, 128, 0x41ED, 0, 1024)
    struct.pack_into("<I", inodes, 128 + 40, 7)
    for number, (name, content) in enumerate(files, 11):
        entries += struct.pack("<IHBB", number, 8 + (len(name) + 3) // 4 * 4, len(name), 1) + name.ljust(
            (len(name) + 3) // 4 * 4, b"\0"
        )
        count = -(-len(content) // 1024)
        struct.pack_into("<HHIIII", inodes, (number - 1) * 128, 0x81A4, 0, len(content), 0, 0, 1_700_000_000)
        struct.pack_into(f"<{count}I", inodes, (number - 1) * 128 + 40, *range(place, place + count))
        data += content.ljust(count * 1024, b"\0")
        place += count
    entries += struct.pack("<IH", 0, 1024 - len(entries)) + bytes(2)
    head = bytearray(1024)
    struct.pack_into("<13I", head, 0, 16, blocks, 0, 0, 0, 1, 0, 0, 8192, 8192, 16, 0, 1_700_000_001)
    struct.pack_into("<HHH", head, 56, 0xEF53, 1, 1)
    struct.pack_into("<I", head, 76, 1)
    struct.pack_into("<IHH", head, 84, 11, 128, 0)
    head[104:120], head[120:125] = bytes(range(16)), b"Whale"
    groups = struct.pack("<III", 3, 4, 5).ljust(1024, b"\0")
    whole = bytes(1024) + bytes(head) + groups + bytes(2048) + bytes(inodes) + entries.ljust(1024, b"\0") + data
    return whole.ljust(blocks * 1024, b"\0")


def _attribute(
    kind: int, value: bytes = b"", *, name: str = "", runs: bytes = b"", size: int = 0, flags: int = 0
) -> bytes:
    letters = name.encode("utf-16-le")
    start = 64 if runs else 24
    content = letters + (runs or value)
    length = -(-(start + len(content)) // 8) * 8
    head = struct.pack("<IIBBHHH", kind, length, bool(runs), len(name), start, flags, 0)
    if runs:
        head += struct.pack("<QQHH4xQQQ", 0, 0, start + len(letters), 0, size, size, size)
    else:
        head += struct.pack("<IHH", len(value), start + len(letters), 0)
    return (head + content).ljust(length, b"\0")


def ntfs_record(number: int, *attributes: bytes, flags: int = 1) -> bytes:
    """A file record of 1,024 bytes with its fixups done."""
    body = bytearray(
        (b"FILE" + struct.pack("<HHQHHHHII", 48, 3, 0, 1, 1, 56, flags, 1024, 1024) + bytes(16)).ljust(1024, b"\0")
    )
    struct.pack_into("<I", body, 44, number)
    at = 56
    for one in attributes:
        body[at : at + len(one)] = one
        at += len(one)
    body[at : at + 4] = b"\xff" * 4
    body[48:50] = b"\x07\x07"
    for sector in (1, 2):
        body[48 + 2 * sector : 50 + 2 * sector] = body[sector * 512 - 2 : sector * 512]
        body[sector * 512 - 2 : sector * 512] = b"\x07\x07"
    return bytes(body)


def ntfs_name(name: str, parent: int = 5) -> bytes:
    """The attribute of a file's name."""
    return _attribute(0x30, parent.to_bytes(8, "little") + bytes(56) + bytes([len(name), 1]) + name.encode("utf-16-le"))


def ntfs(*records: tuple[bytes, ...], data: bytes = b"", copied: bool = True) -> bytes:
    """A volume in clusters of 512 bytes: the file table from sector 2 on, whose records from 16 on are given as their
    attributes; `data` in the sectors behind."""
    count = 16 + len(records)
    table = _attribute(0x80, runs=bytes([0x11, 2 * count, 2]), size=1024 * count)
    whole = ntfs_record(0, ntfs_name("$MFT"), table) + bytes(15 * 1024)
    whole += b"".join(ntfs_record(16 + at, *attributes) for at, attributes in enumerate(records))
    sectors = 2 + 2 * count + -(-len(data) // 512)
    boot = b"\xeb\x52\x90NTFS    " + struct.pack("<HB", 512, 1) + bytes(7) + b"\xf8" + bytes(18)
    boot += struct.pack("<QQQ", sectors, 2, 2) + b"\xf6\0\0\0\1\0\0\0" + struct.pack("<Q", 0x1234)
    boot = boot.ljust(510, b"\0") + b"\x55\xaa"
    return boot + bytes(512) + whole + data.ljust(-(-len(data) // 512) * 512, b"\0") + (boot if copied else bytes(512))


def ntfs_file(name: str, content: bytes, stream: str = "", flags: int = 0) -> tuple[bytes, ...]:
    """The attributes of a file whose data is resident; with an alternate stream of the same data, if named."""
    more = (_attribute(0x80, content, name=stream),) if stream else ()
    return ntfs_name(name), _attribute(0x80, content, flags=flags), *more


def ntfs_runs(name: str, cluster: int, size: int, flags: int = 0) -> tuple[bytes, ...]:
    """The attributes of a file whose data is one run."""
    return ntfs_name(name), _attribute(0x80, runs=bytes([0x11, -(-size // 512), cluster]), size=size, flags=flags)


def mbr(*entries: tuple[int, int, int], mark: int = 0, code: bytes = b"") -> bytes:
    """A master boot record of entries (type, first sector, sectors)."""
    table = b"".join(
        bytes([mark, 0, 0, 0, kind, 0, 0, 0]) + struct.pack("<II", start, count) for kind, start, count in entries
    )
    return code.ljust(440, b"\0") + b"disk\0\0" + table.ljust(64, b"\0") + b"\x55\xaa"


def gpt(content: bytes, *, wrong: bool = False, copied: bool = True, gap: bytes = b"") -> bytes:
    """A disk of one partition in sectors 4 and on; a sector before it is of nobody."""
    count = -(-len(content) // 512)
    last = 4 + count + 1
    entry = bytes.fromhex("af3dc60f838472478e793d69d8477de4") + bytes(range(16))
    entry += struct.pack("<QQQ", 4, 3 + count, 0) + "whale".encode("utf-16-le").ljust(72, b"\0")
    entries = entry.ljust(512, b"\0")

    def header(own: int, other: int, table: int) -> bytes:
        rest = (
            struct.pack("<QQQQ", own, other, 3, 3 + count)
            + bytes(range(16))
            + struct.pack("<QIII", table, 4, 128, zlib.crc32(entries))
        )
        head = b"EFI PART\0\0\1\0" + struct.pack("<III", 92, 0, 0) + rest
        return (head[:16] + struct.pack("<I", zlib.crc32(head) ^ wrong) + head[20:]).ljust(512, b"\0")

    whole = (
        mbr((0xEE, 1, last)) + header(1, last, 2) + entries + gap.ljust(512, b"\0") + content.ljust(count * 512, b"\0")
    )
    return whole + entries + (header(last, 1, last - 1) if copied else bytes(512))
