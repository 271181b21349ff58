"""Databases, captures and data of programs, as small as their formats allow."""

import hashlib
import json
import struct
import zlib

from rorqual.analyzers.formats.stores.lookup3 import lookup3

HIDDEN = b"something is hidden in here, where nobody looks"


def wad_file(*, unused: bytes = b"") -> bytes:
    """Two lumps and a directory behind them; `unused` bytes stand between."""
    lumps = [(b"MAP01", b""), (b"THINGS", b"ten bytes of things"), (b"DEMO1", b"a demonstration of play")]
    at, body, rows = 12, b"", b""
    for name, data in lumps:
        rows += struct.pack("<2I8s", at + len(body), len(data), name)
        body += data
    body += unused
    return b"PWAD" + struct.pack("<2I", len(lumps), at + len(body)) + body + rows


def varint(value: int) -> bytes:
    """SQLite's numbers, below 2^14."""
    return bytes([value]) if value < 128 else bytes([value >> 7 | 0x80, value & 0x7F])


def sqlite_file(*, free: bytes = b"", pages: int | None = None, slack: bytes = b"") -> bytes:
    """A table without rows; `free` fills a free page, `slack` the first page before its cells."""
    page = 512
    sql = b"CREATE TABLE whale(name)"
    kinds = bytes([23, 23, 23, 1]) + varint(13 + 2 * len(sql))
    record = bytes([len(kinds) + 1]) + kinds + b"table" + b"whale" + b"whale" + b"\2" + sql
    cell = varint(len(record)) + b"\1" + record
    count = pages or (4 if free else 2)
    head = b"SQLite format 3\0" + struct.pack(">H6B", page, 1, 1, 0, 64, 32, 32)
    head += struct.pack(">4I", 1, count, 3 if free else 0, 2 if free else 0)
    head += struct.pack(">7I", 1, 4, 0, 0, 1, 0, 0) + struct.pack(">I", 0) + bytes(20) + struct.pack(">2I", 1, 3040001)
    first = head + struct.pack(">B3HB", 13, 0, 1, page - len(cell), 0) + struct.pack(">H", page - len(cell)) + slack
    first = first.ljust(page - len(cell), b"\0") + cell
    second = struct.pack(">B3HB", 13, 0, 0, page, 0).ljust(page, b"\0")
    if not free:
        return first + second
    trunk = struct.pack(">3I", 0, 1, 4).ljust(page, b"\0")
    return first + second + trunk + free.ljust(page, b"\0")


def wal_file(*, stale: bytes = b"", sums: bool = True) -> bytes:
    """A log of one page, and perhaps of one of the round before."""
    head = struct.pack(">6I", 0x377F0682, 3007000, 512, 1, 1000, 77)
    first = second = 0
    for a, b in struct.iter_unpack("<2I", head):
        first = first + a + second & 0xFFFFFFFF
        second = second + b + first & 0xFFFFFFFF
    head += struct.pack(">2I", first ^ (not sums), second)
    frame = struct.pack(">6I", 1, 2, 1000, 77, 5, 6) + b"page".ljust(512, b".")
    return head + frame + (struct.pack(">6I", 2, 0, 999, 55, 5, 6) + stale.ljust(512, b"\0") if stale else b"")


def pcap_file(*, big: bool = False, nano: bool = False, packets: int = 2) -> bytes:
    """A capture of packets of 20 bytes."""
    mark = ">" if big else "<"
    out = struct.pack(f"{mark}I2Hi3I", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for index in range(packets):
        out += struct.pack(f"{mark}4I", 1_600_000_000 + index, 999_999, 20, 60) + bytes(range(20))
    return out


def _option(mark: str, code: int, value: bytes) -> bytes:
    return struct.pack(f"{mark}2H", code, len(value)) + value + bytes(-len(value) % 4)


def _block(mark: str, kind: int, body: bytes) -> bytes:
    size = struct.pack(f"{mark}I", 12 + len(body))
    return struct.pack(f"{mark}I", kind) + size + body + size


def pcapng_file(*, big: bool = False, comment: bytes = b"", custom: bytes = b"") -> bytes:
    """A section with an interface and a packet."""
    mark = ">" if big else "<"
    options = _option(mark, 4, b"whale 1.0") + (_option(mark, 1, comment) if comment else b"") + bytes(4)
    out = _block(mark, 0x0A0D0D0A, struct.pack(f"{mark}I2Hq", 0x1A2B3C4D, 1, 0, -1) + options)
    out += _block(mark, 1, struct.pack(f"{mark}2HI", 1, 0, 65535))
    if custom:
        out += _block(mark, 0xBAD, struct.pack(f"{mark}I", 32473) + custom + bytes(-len(custom) % 4))
    return out + _block(mark, 6, struct.pack(f"{mark}5I", 0, 0, 0, 20, 20) + bytes(range(20)))


def hive_file(*, free: bytes = b"", sums: bool = True) -> bytes:
    """A root key in one bin; `free` stands in a cell that is free."""
    name = b"ROOT"
    key = (
        struct.pack("<2sHQ", b"nk", 0x2C, 132_000_000_000_000_000) + bytes(60) + struct.pack("<2H", len(name), 0) + name
    )
    key = key.ljust(92, b"\0")
    cells = struct.pack("<i", -(len(key) + 4)) + key
    rest = 4096 - 32 - len(cells)
    cells += struct.pack("<i", rest) + free.ljust(rest - 4, b"\0")
    hbin = (b"hbin" + struct.pack("<2I", 0, 4096)).ljust(32, b"\0") + cells
    head = b"regf" + struct.pack("<2IQ6I", 7, 7, 132_000_000_000_000_000, 1, 5, 0, 1, 32, 4096) + struct.pack("<I", 1)
    head += "whale\\NTUSER.DAT".encode("utf-16-le").ljust(64, b"\0")
    head = head.ljust(508, b"\0")
    total = 0
    for (word,) in struct.iter_unpack("<I", head):
        total ^= word
    return (head + struct.pack("<I", total ^ (not sums))).ljust(4096, b"\0") + hbin


def evtx_file(*, chunks: int = 1, sums: bool = True, slack: bytes = b"", told: int | None = None) -> bytes:
    """A log of empty chunks with one record each."""
    head = b"ElfFile\0" + struct.pack("<3Q", 0, chunks - 1, chunks + 1)
    head += struct.pack("<I4H", 128, 1, 3, 4096, chunks if told is None else told) + bytes(76)
    head += struct.pack("<2I", 0, zlib.crc32(head + bytes(0)[:0]) ^ (not sums))
    out = head.ljust(4096, b"\0")
    for index in range(chunks):
        record = struct.pack("<4sI2Q", b"\x2a\x2a\0\0", 28, index + 1, 132_000_000_000_000_000) + struct.pack("<I", 28)
        first = b"ElfChnk\0" + struct.pack("<4Q4I", index + 1, index + 1, index + 1, index + 1, 128, 512, 540, 0)
        first = first.ljust(120, b"\0") + bytes(4)
        crc = zlib.crc32(bytes(384), zlib.crc32(first[:120]))
        chunk = (first + struct.pack("<I", crc)).ljust(512, b"\0") + record + slack
        out += chunk.ljust(65_536, b"\0")
    return out


def evt_file(*, size: int = 1 << 16, cut: bool = True) -> bytes:
    """A log of one record; `cut` off behind it, or as long as its header allows."""
    record = struct.pack("<I4s4I", 64, b"LfLe", 1, 1_100_000_000, 1_100_000_000, 7).ljust(60, b"\0") + struct.pack(
        "<I", 64
    )
    start = 0x30
    end = start + len(record)
    head = struct.pack("<I4s2I", 0x30, b"LfLe", 1, 1) + struct.pack("<8I", start, end, 2, 1, size, 0, 0, 0x30)
    marks = [0x11111111, 0x22222222, 0x33333333, 0x44444444]
    tail = struct.pack("<10I", 0x28, *marks, start, end, 2, 1, 0x28)
    out = head + record + tail
    return out if cut else out.ljust(size, b"\0")


def _string(text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return struct.pack("<I", len(raw)) + raw + b"\0\0"


def minidump_file(*, unused: bytes = b"", comment: bytes = b"", own: bytes = b"") -> bytes:
    """System, a module, a thread with its stack, memory; perhaps bytes that nothing leads to, a comment, an own stream."""
    kinds = [7, 4, 3, 5] + ([10] if comment else []) + ([0x47000001] if own else [])
    at = 32 + 12 * len(kinds)
    out = b""
    name = _string("C:\\whale.exe")
    name_at = at
    out += name + bytes(-len(name) % 4)
    stack_at = at + len(out)
    out += b"a stack of some bytes..." + unused + bytes(-len(unused) % 4)
    streams = []
    system = struct.pack("<3H2B5I", 9, 6, 0, 4, 1, 10, 0, 19041, 2, 0).ljust(56, b"\0")
    module = struct.pack("<I", 1) + struct.pack("<Q4I", 0x400000, 0x1000, 0, 0, name_at).ljust(108, b"\0")
    thread = struct.pack("<5I2Q4I", 1, 1, 0, 0, 0, 0, 0, 24, stack_at, 0, 0)
    thread = struct.pack("<4I2Q2I2I", 1, 0, 0, 0, 0, 0x1000, 24, stack_at, 0, 0)
    memory = struct.pack("<IQ2I", 1, 0x1000, 24, stack_at)
    for data in [
        system,
        module,
        struct.pack("<I", 1) + thread,
        memory,
        *([comment] if comment else []),
        *([own] if own else []),
    ]:
        streams.append((len(data), at + len(out)))
        out += data + bytes(-len(data) % 4)
    rows = b"".join(struct.pack("<3I", kind, *place) for kind, place in zip(kinds, streams, strict=True))
    head = b"MDMP" + struct.pack("<2H4IQ", 0xA793, 0, len(kinds), 32, 0, 1_600_000_000, 2)
    last = sum(streams[-1])
    return (head + rows + out)[:last]


def crash_dump(*, size: int = 0x3000, kind: int = 2) -> bytes:
    """The two pages of a header of 64 bits, and a page of memory."""
    head = bytearray(b"PAGE" * 2048)
    head[0:8] = b"PAGEDU64"
    head[8:16] = struct.pack("<2I", 15, 19041)
    head[48:60] = struct.pack("<3I", 0x8664, 2, 0xD1)
    head[0xF98:0xF9C] = struct.pack("<I", kind)
    head[0xFA0:0xFB0] = struct.pack("<2Q", size, 132_000_000_000_000_000)
    head[0xFB0:0x1030] = b"whale".ljust(128, b"\0")
    return bytes(head) + b"memory..".ljust(0x1000, b"m")


def prefetch_file(*, size: int | None = None) -> bytes:
    """A file of Windows 7 with one name."""
    names = "\\DEVICE\\WHALE.DLL\0".encode("utf-16-le")
    metrics, chains = 84 + 156, 84 + 156 + 32
    names_at = chains + 12
    volumes_at = names_at + len(names)
    volume = bytes(104)
    end = volumes_at + len(volume)
    head = struct.pack("<I4s2I", 23, b"SCCA", 0x11, size or end) + "WHALE.EXE".encode("utf-16-le").ljust(60, b"\0")
    head += struct.pack("<2I", 0xC0FFEE, 0)
    info = struct.pack("<9I", metrics, 1, chains, 1, names_at, len(names), volumes_at, 1, len(volume))
    info = info.ljust(44, b"\0") + struct.pack("<Q", 132_000_000_000_000_000)
    info = info.ljust(68, b"\0") + struct.pack("<I", 5)
    return head + info.ljust(156, b"\0") + bytes(32) + bytes(12) + names + volume


def thumbnail_cache(*, padding: bytes = b"", size: int | None = None) -> bytes:
    """A cache of Windows 10 with one picture."""
    picture = b"not quite a picture, but told as one"
    name = "c0ffee".encode("utf-16-le")
    length = 56 + len(name) + len(padding) + len(picture)
    entry = struct.pack("<4sIQ3I", b"CMMM", size or length, 0xC0FFEE, len(name), len(padding), len(picture))
    entry = entry.ljust(56, b"\0") + name + padding + picture
    return b"CMMM" + struct.pack("<5I", 32, 1, 24, 24 + len(entry), 1) + entry


def hdf5_file(*, version: int = 0, size: int | None = None, user: bytes = b"") -> bytes:
    """A file with an empty root group; version 2 has a header alone, whose checksum is right."""
    base = 512 if user else 0
    if version == 0:
        end = size or 328
        head = b"\x89HDF\r\n\x1a\n" + bytes([0, 0, 0, 0, 0, 8, 8, 0]) + struct.pack("<2HI", 4, 16, 0)
        head += struct.pack("<4Q", base, 2**64 - 1, base + end, 2**64 - 1)
        head += struct.pack("<2Q2I2Q", 0, 96, 1, 0, 136, 136 + 64)
        header = struct.pack("<BBHII", 1, 0, 1, 1, 24) + bytes(28)
        tree = b"TREE" + struct.pack("<BBH2Q", 0, 0, 1, 2**64 - 1, 2**64 - 1) + struct.pack("<3Q", 0, 272, 8)
        heap = b"HEAP" + bytes(4) + struct.pack("<3Q", 16, 2**64 - 1, 232)
        names = (bytes(8) + b"whale\0").ljust(40, b"\0")
        node = b"SNOD" + struct.pack("<BBH", 1, 0, 1) + struct.pack("<2Q2I", 8, 96, 0, 0) + bytes(16)
        body = head + header + tree.ljust(64, b"\0") + heap + names + node
        return user.ljust(base, b"\0") + body.ljust(328, b"\0")
    head = b"\x89HDF\r\n\x1a\n" + bytes([version, 8, 8, 0]) + struct.pack("<4Q", 0, 2**64 - 1, size or 96, 48)
    return (head + struct.pack("<I", lookup3(head))).ljust(96, b"r")


def npy_file(
    text: str = "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }", data: bytes = bytes(24)
) -> bytes:
    """An array."""
    raw = text.encode() + b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(raw)) + raw + data


def netcdf_file(*, version: int = 1, records: int = 2) -> bytes:
    """A variable of three numbers and one that grows."""
    wide = ">Q" if version == 5 else ">I"
    place = ">I" if version == 1 else ">Q"

    def count(value: int) -> bytes:
        return struct.pack(wide, value)

    def name(text: bytes) -> bytes:
        return count(len(text)) + text + bytes(-len(text) % 4)

    dimensions = struct.pack(">I", 10) + count(2) + name(b"time") + count(0) + name(b"x") + count(3)
    attributes = struct.pack(">I", 12) + count(1) + name(b"title") + struct.pack(">I", 2) + count(5) + b"whale\0\0\0"
    none = struct.pack(">I", 0) + count(0)

    def build(first: int, second: int) -> bytes:
        out = b"CDF" + bytes([version]) + count(records) + dimensions + attributes + struct.pack(">I", 11) + count(2)
        out += (
            name(b"fixed") + count(1) + count(1) + none + struct.pack(">I", 4) + count(12) + struct.pack(place, first)
        )
        out += (
            name(b"grows") + count(1) + count(0) + none + struct.pack(">I", 5) + count(4) + struct.pack(place, second)
        )
        return out

    at = len(build(0, 0))
    return build(at, at + 12) + bytes(range(12)) + bytes(4 * records)


def java_objects(name: bytes = b"org.whale.Whale", *, behind: bytes = b"") -> bytes:
    """An object with a number and a text."""

    def utf(text: bytes) -> bytes:
        return struct.pack(">H", len(text)) + text

    described = b"\x72" + utf(name) + bytes(8) + b"\2" + struct.pack(">H", 2)
    described += b"I" + utf(b"size") + b"L" + utf(b"song") + b"\x74" + utf(b"Ljava/lang/String;") + b"\x78\x70"
    return b"\xac\xed\0\5" + b"\x73" + described + struct.pack(">I", 7) + b"\x74" + utf(b"long and low") + behind


def mo_file(
    *, big: bool = False, unused: bytes = b"", header: bytes = b"Language: no\nProject-Id-Version: whale 1\n"
) -> bytes:
    """A catalogue of two texts."""
    mark = ">" if big else "<"
    pairs = [(b"", header), (b"whale", b"hval")]
    at = 28 + 16 * len(pairs)
    blob = unused
    tables: tuple[list[bytes], list[bytes]] = ([], [])
    for side in (0, 1):
        for pair in pairs:
            tables[side].append(struct.pack(f"{mark}2I", len(pair[side]), at + len(blob)))
            blob += pair[side] + b"\0"
    head = struct.pack(f"{mark}7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + b"".join(tables[0]) + b"".join(tables[1]) + blob


def bdb_file(*, big: bool = False, last: int = 1, own: int | None = None) -> bytes:
    """A tree of two pages of 512 bytes."""
    mark = ">" if big else "<"
    first = struct.pack(f"{mark}Q4I4B", 0, 0, 0x53162, 9, 512, 0, 9, 0, 0) + struct.pack(f"{mark}2I", 0, last)
    second = struct.pack(f"{mark}QI", 0, 1 if own is None else own)
    return first.ljust(512, b"\0") + second.ljust(512, b".")


def gdbm_file(*, end: int = 1536) -> bytes:
    """A database of one bucket: header, directory and bucket in a block each."""
    head = struct.pack("<IIQ4IQ", 0x13579ACF, 512, 512, 512, 6, 456, 16, end)
    return head.ljust(512, b"\0") + struct.pack("<64Q", *([1024] * 64)) + bytes(512)


def _object(kind: int, data: bytes) -> bytes:
    size = len(data)
    head = bytes([kind << 4 | size & 15 | (0x80 if size > 15 else 0)])
    return head + (bytes([size >> 4]) if size > 15 else b"") + zlib.compress(data)


def git_pack(*, sums: bool = True, size: int | None = None) -> bytes:
    """A blob, a tree without entries and a delta against what is elsewhere."""
    body = _object(3, b"a blob of some bytes of text") + _object(2, b"")
    body += bytes([7 << 4 | 5]) + bytes(range(20)) + zlib.compress(b"delta")
    out = b"PACK" + struct.pack(">2I", 2, size or 3) + body
    return out + (hashlib.sha1(out).digest() if sums else bytes(20))


def git_index(*, sums: bool = True, version: int = 2) -> bytes:
    """The index of a working tree with two files, and an extension."""
    out = b"DIRC" + struct.pack(">2I", version, 2)
    for path in (b"README", b"src/whale.py"):
        if version == 4:
            out += bytes(60) + struct.pack(">H", len(path)) + (b"\0" if path == b"README" else b"\6") + path + b"\0"
        else:
            entry = bytes(60) + struct.pack(">H", len(path)) + path
            out += entry + bytes(8 - len(entry) % 8)
    out += b"TREE" + struct.pack(">I", 7) + b"\x000 0\n.."
    return out + (hashlib.sha1(out).digest() if sums else b"x" * 20)


def git_pack_index() -> bytes:
    """The index of a pack with one object."""
    out = b"\xfftOc" + struct.pack(">I", 2) + struct.pack(">256I", *([0] * 7 + [1] * 249))
    out += b"\7" * 20 + bytes(4) + struct.pack(">I", 12) + bytes(range(20))
    return out + hashlib.sha1(out).digest()


def bencoded(value: object) -> bytes:
    """Bencode."""
    match value:
        case int():
            return b"i%de" % value
        case bytes():
            return b"%d:" % len(value) + value
        case list():
            return b"l" + b"".join(map(bencoded, value)) + b"e"
        case dict():
            return b"d" + b"".join(bencoded(key) + bencoded(value[key]) for key in sorted(value)) + b"e"
    raise TypeError(value)


def torrent_file(*, comment: bytes = b"") -> bytes:
    """Two files."""
    files = [{b"length": 5, b"path": [b"a", b"b.txt"]}, {b"length": 7, b"path": [b"c"]}]
    info = {b"files": files, b"name": b"whale", b"piece length": 16384, b"pieces": bytes(range(20))}
    whole: dict[bytes, object] = {b"announce": b"http://example.org/", b"creation date": 1_600_000_000, b"info": info}
    if comment:
        whole[b"comment"] = comment
    return bencoded(whole)


def bplist_file(*, unused: bytes = b"", table: int | None = None) -> bytes:
    """A dictionary of two keys."""
    objects = [b"\xd2\1\2\3\4", b"\x54name", b"\x54size", b"\x55whale", b"\x10\x1e"]
    out, places = b"bplist00", []
    for one in objects:
        places.append(len(out))
        out += one
    out += unused
    at = len(out)
    return out + bytes(places) + bytes(6) + b"\1\1" + struct.pack(">3Q", len(objects), 0, table or at)


def ihex_file(
    data: bytes = b"\x7fELF is what begins programs of Unix", *, base: int = 0x0800_0000, ended: bool = True
) -> bytes:
    """Lines of 16 bytes."""
    lines = []

    def line(kind: int, address: int, content: bytes) -> None:
        raw = bytes([len(content)]) + struct.pack(">HB", address & 0xFFFF, kind) + content
        lines.append(b":" + (raw + bytes([-sum(raw) & 0xFF])).hex().upper().encode() + b"\r\n")

    line(4, 0, struct.pack(">H", base >> 16))
    for at in range(0, len(data), 16):
        line(0, base + at, data[at : at + 16])
    if ended:
        line(1, 0, b"")
    return b"".join(lines)


def srec_file(data: bytes = b"\x7fELF is what begins programs of Unix", *, ended: bool = True) -> bytes:
    """Lines of 16 bytes."""
    lines = []

    def line(kind: int, address: bytes, content: bytes) -> None:
        raw = bytes([len(address) + len(content) + 1]) + address + content
        lines.append(b"S%d" % kind + (raw + bytes([~sum(raw) & 0xFF])).hex().upper().encode() + b"\n")

    line(0, b"\0\0", b"whale.hex")
    for at in range(0, len(data), 16):
        line(2, (0x10000 + at).to_bytes(3, "big"), data[at : at + 16])
    if ended:
        line(8, b"\1\0\0", b"")
    return b"".join(lines)


def uf2_file(*, slack: bytes = b"", blocks: int = 2, told: int = 2) -> bytes:
    """Blocks of 256 bytes each."""
    out = b""
    for number in range(blocks):
        data = json.dumps({"block": number}).encode().ljust(256, b".")
        head = struct.pack(
            "<8I", 0x0A324655, 0x9E5D5157, 0x2000, 0x1000_0000 + 256 * number, 256, number, told, 0xE48BFF56
        )
        out += head + (data + slack).ljust(476, b"\0") + struct.pack("<I", 0x0AB16F30)
    return out
