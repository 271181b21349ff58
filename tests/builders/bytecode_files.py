"""Programs for virtual machines, a few hundred bytes each: Java, Android, WebAssembly, Python, Lua, Flash, consoles."""

import hashlib
import importlib.util
import lzma
import marshal
import struct
import zlib

HIDDEN = b"something is hidden in here, where nobody looks"


def _utf8(text: str) -> bytes:
    return b"\1" + struct.pack(">H", len(text)) + text.encode("latin-1")


def java_class(*, unused: bytes = b"", attribute: bytes = b"", major: int = 52) -> bytes:
    """A class with a main method; `unused` becomes a constant that nothing leads to, `attribute` an unknown attribute."""
    texts = ["Whale", "java/lang/Object", "main", "([Ljava/lang/String;)V", "Code", "SourceFile", "Whale.java", "Odd"]
    texts += ["java/lang/Runtime", "https://example.org/whale"]
    pool = [_utf8(text) for text in texts]  # 1 to 10
    pool += [b"\7\0\1", b"\7\0\2", b"\7\0\x09", b"\x08\0\x0a"]  # 11 to 14
    pool += [b"\5" + bytes(8)]  # 15 and 16
    if unused:
        pool.append(b"\1" + struct.pack(">H", len(unused)) + unused)
    count = len(pool) + 2
    code = struct.pack(">HHI", 1, 1, 1) + b"\xb1" + bytes(4)
    method = struct.pack(">HHHHHI", 9, 3, 4, 1, 5, len(code)) + code
    attributes = [struct.pack(">HIH", 6, 2, 7)]
    if attribute:
        attributes.append(struct.pack(">HI", 8, len(attribute)) + attribute)
    head = struct.pack(">IHHH", 0xCAFEBABE, 3 if major == 45 else 0, major, count) + b"".join(pool)
    middle = struct.pack(">HHHHHH", 0x21, 11, 12, 0, 0, 1) + method
    return head + middle + struct.pack(">H", len(attributes)) + b"".join(attributes)


def dex_file(*, sums: bool = True, signed: bool = True, link: bytes = b"") -> bytes:
    """A file with one class and no code."""
    strings = [b"LWhale;", b"Ljava/lang/Object;"]
    at = 0x70
    string_ids, at = at, at + 8
    type_ids, at = at, at + 8
    class_defs, at = at, at + 32
    data = at
    body = b""
    places = []
    for text in strings:
        places.append(data + len(body))
        body += bytes([len(text)]) + text + b"\0"
    body += bytes(-len(body) % 4)
    map_at = data + len(body)
    items = [
        (0, 1, 0),
        (1, 2, string_ids),
        (2, 2, type_ids),
        (6, 1, class_defs),
        (0x2002, 2, data),
        (0x1000, 1, map_at),
    ]
    body += struct.pack("<I", len(items)) + b"".join(
        struct.pack("<HHII", kind, 0, n, place) for kind, n, place in items
    )
    link_at = data + len(body) if link else 0
    body += link
    size = data + len(body)
    fields = [
        len(link),
        link_at,
        map_at,
        2,
        string_ids,
        2,
        type_ids,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        class_defs,
        size - data,
        data,
    ]
    head = struct.pack("<III", size, 0x70, 0x12345678) + struct.pack("<17I", *fields)
    tables = struct.pack("<2I", *places) + struct.pack("<2I", 0, 1)
    tables += struct.pack("<8I", 0, 1, 1, 0, 0xFFFFFFFF, 0, 0, 0)
    rest = head + tables + body
    signature = hashlib.sha1(rest).digest() if signed else bytes(range(20))
    covered = signature + rest
    checksum = zlib.adler32(covered) ^ (not sums)
    return b"dex\n035\0" + struct.pack("<I", checksum) + covered


def odex_file(*, sums: bool = True) -> bytes:
    """A dex file with an empty table of dependencies and of what was added."""
    dex = dex_file()
    dex_end = 40 + len(dex)
    tail = b"dependencies" + b"optimised data.."
    fields = [40, len(dex), dex_end, 12, dex_end + 12, 16, 0, zlib.adler32(tail) ^ (not sums)]
    return b"dey\n036\0" + struct.pack("<8I", *fields) + dex + tail


def leb(value: int) -> bytes:
    """LEB128 without a sign."""
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def _section(kind: int, content: bytes) -> bytes:
    return bytes([kind]) + leb(len(content)) + content


def custom(name: bytes, content: bytes) -> bytes:
    """A custom section of WebAssembly."""
    return _section(0, leb(len(name)) + name + content)


def wasm_module(*customs: bytes, body: bytes = b"\2\0\x0b") -> bytes:
    """A module that imports and exports a function; `customs` follow it."""
    out = b"\0asm\1\0\0\0" + _section(1, b"\1\x60\1\x7f\1\x7f")
    out += _section(2, b"\1\3env\3log\0\0") + _section(3, b"\1\0") + _section(5, b"\1\0\1")
    out += _section(7, b"\2\3run\0\1\6memory\2\0") + _section(10, b"\1" + body) + _section(11, b"\1\0\x41\0\x0b\2hi")
    return out + b"".join(customs)


def producers() -> bytes:
    """Who made a module."""
    text = b"\1\x08language\1\4Rust\0"
    return custom(b"producers", text)


def pyc_file(*, magic: int = 3495, flags: int = 0) -> bytes:
    """The code object of Python 3.11, or 3.8 or 2.7 by its number, written here and not by the running Python."""
    file_name, name = b"whale.py", b"<module>"
    if magic == 3495:
        header = struct.pack("<HHIII", magic, 0x0A0D, flags, 1_600_000_000, 99)
        code = b"\xe3" + struct.pack("<5I", 0, 0, 0, 2, 0) + b"s" + struct.pack("<I", 4) + b"d\0S\0"
        code += b")\1N" + b")\1\xda\4swim" + b"\xa9\0" + b"\xf3\0\0\0\0" + b"\xfa\x08" + file_name
        code += b"\xda\x08" + name + b"r\4\0\0\0" + struct.pack("<I", 1) + b"s\0\0\0\0" + b"s\0\0\0\0"
    elif magic == 3413:
        header = struct.pack("<HHIII", magic, 0x0A0D, flags, 1_600_000_000, 99)
        code = b"\xe3" + struct.pack("<6I", 0, 0, 0, 0, 2, 0x40) + b"s" + struct.pack("<I", 4) + b"d\0S\0"
        code += b")\2Nl\2\0\0\0\1\0\2\0" + b")\1\xda\4swim" + b"\xa9\0r\1\0\0\0r\1\0\0\0" + b"\xfa\x08" + file_name
        code += b"\xda\x08" + name + struct.pack("<I", 1) + b"s\0\0\0\0"
    else:
        header = struct.pack("<HHI", magic, 0x0A0D, 1_600_000_000)
        code = b"c" + struct.pack("<4I", 0, 0, 1, 0x40) + b"s" + struct.pack("<I", 4) + b"d\0\0S"
        code += b"(\2\0\0\0Ng\0\0\0\0\0\0\xf0\x3f" + b"(\1\0\0\0t\4\0\0\0swim" + b"(\0\0\0\0" * 3
        code += b"s\x08\0\0\0" + file_name + b"t\x08\0\0\0" + name + struct.pack("<I", 1) + b"s\0\0\0\0"
    return header + code


def pyc_of(source: str) -> bytes:
    """What the running Python makes of a source."""
    code = compile(source, "whale.py", "exec")
    return importlib.util.MAGIC_NUMBER + bytes(4) + struct.pack("<II", 1_600_000_000, len(source)) + marshal.dumps(code)


def lua_chunk(version: int = 0x54, *, instructions: int = 1) -> bytes:
    """A function with a string, a number and a function in it; of Lua 5.1 to 5.4."""
    tail = b"\x19\x93\r\n\x1a\n"
    if version == 0x51:
        head = b"\x1bLua\x51\0\1\4\x08\4\x08\0"
    elif version == 0x52:
        head = b"\x1bLua\x52\0\1\4\x08\4\x08\0" + tail
    elif version == 0x53:
        head = b"\x1bLua\x53\0" + tail + b"\4\x08\4\x08\x08" + struct.pack("<qd", 0x5678, 370.5) + b"\1"
    else:
        head = b"\x1bLua\x54\0" + tail + b"\4\x08\x08" + struct.pack("<qd", 0x5678, 370.5) + b"\1"
    return head + _lua_function(version, b"@whale.lua", instructions, 1)


def _lua_function(version: int, source: bytes, instructions: int, inner: int) -> bytes:
    def count(value: int) -> bytes:
        return bytes([value | 0x80]) if version == 0x54 else struct.pack("<I", value)

    def text(value: bytes) -> bytes:
        if version == 0x54:
            return bytes([len(value) + 1 | 0x80]) + value if value else b"\x80"
        if version == 0x53:
            return bytes([len(value) + 1]) + value if value else b"\0"
        return struct.pack("<Q", len(value) + 1) + value + b"\0" if value else bytes(8)

    name = text(source)
    out = b"" if version == 0x52 else name
    out += count(0) + count(0)
    out += b"\0\0\2\2" if version == 0x51 else b"\0\1\2"
    out += count(instructions) + bytes(4) * min(instructions, 4)
    kinds = {0x53: b"\x13", 0x54: b"\3"}
    whole = kinds[version] + struct.pack("<q", 7) if version >= 0x53 else b"\3" + struct.pack("<d", 7)
    out += count(2) + b"\4" + text(b"swim") + whole
    ups = count(1) + (b"\1\0\0" if version == 0x54 else b"\1\0")
    within = count(inner) + b"".join(_lua_function(version, b"", 1, 0) for _ in range(inner))
    if version >= 0x53:
        out += ups + within
    elif version == 0x52:
        out += within + ups + name
    else:
        out += within
    out += count(0) + (count(0) if version == 0x54 else b"")
    out += count(1) + text(b"x") + count(0) + count(1)
    return out + count(1) + text(b"_ENV")


def luajit_chunk(*, stripped: bool = False) -> bytes:
    """Two prototypes of LuaJIT 2.1."""
    debugging = b"" if stripped else b"\2\1\1"
    proto = b"\0\0\1\0" + leb(0) + leb(0) + leb(1) + debugging + b"K\0\1\0" + (b"" if stripped else b"\0\0")
    name = b"" if stripped else leb(10) + b"@whale.lua"
    return b"\x1bLJ\2" + (b"\2" if stripped else b"\0") + name + 2 * (leb(len(proto)) + proto) + b"\0"


def _tag(code: int, content: bytes) -> bytes:
    if len(content) < 0x3F:
        return struct.pack("<H", code << 6 | len(content)) + content
    return struct.pack("<HI", code << 6 | 0x3F, len(content)) + content


def swf_movie() -> bytes:
    """Frame, rate, and tags: attributes, metadata, data, a frame, the end."""
    out = bytes.fromhex("7800055f00000fa000") + b"\0\x18\1\0"
    out += _tag(69, b"\x09\0\0\0") + _tag(77, b"<rdf:RDF>whale</rdf:RDF>\0")
    out += _tag(87, struct.pack("<HI", 1, 0) + b"binary data of some length, told by a tag. " * 2)
    return out + _tag(82, bytes(9)) + _tag(1, b"") + _tag(0, b"")


def swf_file(kind: str = "FWS", *, behind: bytes = b"") -> bytes:
    """A Flash file, by how it is compressed."""
    movie = swf_movie() + behind
    head = kind.encode() + b"\x0d" + struct.pack("<I", 8 + len(movie))
    if kind == "FWS":
        return head + movie
    if kind == "CWS":
        return head + zlib.compress(movie, 9)
    form = {"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}
    packed = lzma.compress(movie, lzma.FORMAT_RAW, filters=[form])
    return head + struct.pack("<I", len(packed)) + b"\x5d" + struct.pack("<I", 1 << 16) + packed


def nes_rom(*, trainer: bytes = b"", reset: int = 0x8123, tail: bytes = b"", new: bool = True) -> bytes:
    """A ROM of 256 bytes and no pictures (NES 2.0), or of a bank of 16 KiB (iNES)."""
    flags = 4 if trainer else 0
    if new:
        head = b"NES\x1a" + bytes([8 << 2, 0, flags, 8, 0, 0x0F]) + bytes(6)
        program = b"\x78\xd8\xa2\xff" * 62 + b"\0\0" + struct.pack("<3H", 0x8000, reset, 0x8000)
    else:
        head = b"NES\x1a" + bytes([1, 0, flags, 0]) + tail.ljust(8, b"\0")
        program = (b"\x78\xd8\xa2\xff" * 4096)[:-6] + struct.pack("<3H", 0x8000, reset, 0x8000)
    return head + (trainer.ljust(512, b"\0") if trainer else b"") + program


LOGO = bytes.fromhex("ceed6666cc0d000b03730083000c000d0008111f8889000edccc6ee6ddddd999bbbb67636e0eecccdddc999fbbb9333e")


def gameboy_rom() -> bytes:
    """A ROM of 32 KiB."""
    rom = bytearray(32 << 10)
    rom[0x100:0x104] = b"\0\xc3\x50\1"
    rom[0x104:0x134] = LOGO
    rom[0x134:0x139] = b"WHALE"
    rom[0x14D] = sum(-byte - 1 for byte in rom[0x134:0x14D]) & 0xFF
    rom[0x14E:0x150] = (sum(rom) & 0xFFFF).to_bytes(2, "big")
    return bytes(rom)


def gba_rom() -> bytes:
    """The header of a ROM; of the logo what finds it, and zeros."""
    rom = bytearray(0xC0)
    rom[4:20] = bytes.fromhex("24ffae51699aa2213d84820a84e409ad")
    rom[0xA0:0xB2] = b"WHALE\0\0\0\0\0\0\0AWHE01"
    rom[0xB2] = 0x96
    rom[0xBD] = -(0x19 + sum(rom[0xA0:0xBD])) & 0xFF
    return bytes(rom) + b"code"


def megadrive_rom(*, size: int = 0x280) -> bytes:
    """A ROM of a few bytes behind its header."""
    rom = bytearray(0x280)
    rom[0:8] = struct.pack(">2I", 0xFF0000, 0x200)
    rom[0x100:0x110] = b"SEGA MEGA DRIVE "
    rom[0x150:0x180] = b"WHALE".ljust(48)
    rom[0x180:0x18E] = b"GM 00000000-00"
    rom[0x1A0:0x1A8] = struct.pack(">2I", 0, size - 1)
    rom[0x200:0x280] = b"\x4e\x71" * 64
    rom[0x18E:0x190] = (0x4E71 * 64 & 0xFFFF).to_bytes(2, "big")
    return bytes(rom)


def _pool(texts: list[str]) -> bytes:
    data, places = b"", []
    for text in texts:
        places.append(len(data))
        data += bytes([len(text), len(text)]) + text.encode() + b"\0"
    data += bytes(-len(data) % 4)
    size = 28 + 4 * len(texts) + len(data)
    head = struct.pack("<HHIIIIII", 1, 28, size, len(texts), 0, 0x100, 28 + 4 * len(texts), 0)
    return head + struct.pack(f"<{len(texts)}I", *places) + data


def axml_file(*, unknown: bytes = b"") -> bytes:
    """A manifest with a package, a permission and perhaps a chunk that nobody knows."""
    none = 0xFFFFFFFF
    texts = ["manifest", "package", "org.whale", "uses-permission", "name", "android.permission.INTERNET"]

    def start(name: int, *attributes: tuple[int, int]) -> bytes:
        rows = b"".join(struct.pack("<IIIHBBI", none, key, raw, 8, 0, 3, raw) for key, raw in attributes)
        body = struct.pack("<IIHHHHHH", none, name, 20, 20, len(attributes), 0, 0, 0) + rows
        return struct.pack("<HHIII", 0x102, 16, 16 + len(body), 1, none) + body

    def end(name: int) -> bytes:
        return struct.pack("<HHIIIII", 0x103, 16, 24, 1, none, none, name)

    body = _pool(texts) + start(0, (1, 2)) + start(3, (4, 5)) + end(3) + end(0)
    if unknown:
        body += struct.pack("<HHI", 0x7777, 8, 8 + len(unknown)) + unknown
    return struct.pack("<HHI", 3, 8, 8 + len(body)) + body


def arsc_file(*, unknown: bytes = b"") -> bytes:
    """A table of resources with an empty package."""
    name = "org.whale".encode("utf-16-le").ljust(256, b"\0")
    package = struct.pack("<HHII", 0x200, 288, 288, 0x7F) + name + bytes(20)
    body = _pool(["whale"]) + package
    if unknown:
        body += struct.pack("<HHI", 0x7777, 8, 8 + len(unknown)) + unknown
    return struct.pack("<HHII", 2, 12, 12 + len(body), 1) + body
