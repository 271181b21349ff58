"""Archives and compressed streams, but for ZIP: gzip, bzip2, xz, zstd, LZ4, LZMA, 7z, RAR, ARJ, CAB, tar,
cpio, ar, RPM …

Specifications: RFC 1952, 1950 and 8878, the xz and LZ4 frame formats, 7zFormat.txt, the RAR technotes,
MS-CAB, POSIX.1 pax and cpio, the RPM and LHA format notes. Members are left to the probes of each format.
"""

import zlib

from rorqual.analyzers.formats.type_head import Check, Guess, Head

OCTAL = frozenset(b"01234567 \0")


def gzip(head: Head) -> Guess | None:
    """The header's reserved bits are zero and what follows it inflates."""
    flags = head.le(3, 1)
    if not 0 <= flags < 0x20:
        return Guess("gzip", "fields") if len(head.data) == 3 else None
    at = 10
    if flags & 4:
        at += 2 + max(head.le(10, 2), 0)
    for flag in (8, 16):  # FNAME, FCOMMENT
        if flags & flag:
            at = head.data.find(b"\0", at) + 1
            if at == 0:
                return Guess("gzip", "fields")
    at += 2 if flags & 2 else 0
    if at >= len(head.data):
        return Guess("gzip", "fields")
    return Guess("gzip", "structure") if _inflates(head.data[at:], -zlib.MAX_WBITS) else None


def _inflates(data: bytes, bits: int) -> int:
    """How many bytes come out of the first of them, plus one; 0 if it is no deflate stream."""
    stream = zlib.decompressobj(bits)
    try:
        return len(stream.decompress(data[:1024], 4096)) + 1
    except zlib.error:
        return 0


def zlib_stream(head: Head) -> Guess | None:
    """Two bytes are little: at least 32 must come out."""
    return Guess("zlib", "fields") if _inflates(head.data, zlib.MAX_WBITS) > 32 else None


def bzip2(head: Head) -> Guess | None:
    """A block size and the magic of a block, or of the end."""
    blocks = (bytes.fromhex("314159265359"), bytes.fromhex("177245385090"))
    sound = head.data[3:4].isdigit() and head.data[3:4] != b"0"
    return Guess("bzip2", "fields") if sound and any(block.startswith(head.data[4:10]) for block in blocks) else None


def xz(head: Head) -> Guess | None:
    """The CRC-32 of the stream flags."""
    return Guess("xz", "checksum" if zlib.crc32(head.read(6, 2)) == head.le(8, 4) else "magic")


def zstd(head: Head) -> Guess | None:
    """The descriptor's reserved bit is zero and the first block has a type that exists."""
    descriptor = head.le(4, 1)
    if descriptor < 0:
        return Guess("zstd", "magic")
    if descriptor & 8:
        return None
    single = descriptor >> 5 & 1
    size = (1 if single else 0, 2, 4, 8)[descriptor >> 6]
    block = head.le(5 + (1 - single) + (0, 1, 2, 4)[descriptor & 3] + size, 3)
    return Guess("zstd", "structure") if block < 0 or block >> 1 & 3 != 3 else None


def lz4(head: Head) -> Guess | None:
    """Version 01, reserved bits zero, a block size of the four."""
    sound = head.le(4, 1) & 0xC2 == 0x40 and head.le(5, 1) & 0x8F == 0 and head.le(5, 1) >> 4 >= 4
    return Guess("lz4", "fields") if sound else None


def lzip(head: Head) -> Guess | None:
    """A version and a dictionary size of 4 KiB to 512 MiB."""
    return Guess("lzip", "fields") if head.le(4, 1) in (0, 1) and 12 <= head.le(5, 1) & 31 <= 29 else None


def lzma(head: Head) -> Guess | None:
    """A dictionary of 2^n or 2^n + 2^(n-1), a believable size, and the range coder's leading zero."""
    dictionary, size = head.le(1, 4), head.le(5, 8)
    round_size = dictionary >= 4096 and any(dictionary in (1 << n, 3 << n) for n in range(11, 32))
    sound = round_size and (size == (1 << 64) - 1 or 0 <= size < 1 << 40) and head.le(13, 1) == 0
    return Guess("lzma", "fields") if sound else None


def compress(head: Head) -> Guess | None:
    """9 to 16 bits and a first code that is a literal."""
    flags = head.le(2, 1)
    sound = flags & 0x60 == 0 and 9 <= flags & 31 <= 16 and head.le(4, 1) & 1 == 0
    return Guess("compress", "fields") if sound else None


def seven_zip(head: Head) -> Guess | None:
    """The CRC-32 of the start header."""
    return Guess("7z", "checksum" if zlib.crc32(head.read(12, 20)) == head.le(8, 4) else "magic")


def rar(head: Head) -> Guess | None:
    """The checksum of the first header, in both generations."""
    if head.data[6:8] == b"\1\0":
        size, at, shift = 0, 12, 0
        for byte in head.read(12, 3):
            size, at, shift = size | (byte & 0x7F) << shift, at + 1, shift + 7
            if byte < 0x80:
                break
        sound = len(head.data) > 16 and zlib.crc32(head.read(12, at - 12 + size)) == head.le(8, 4)
        return Guess("rar", "checksum" if sound else "long magic")
    if head.le(6, 1) != 0:
        return None
    size = head.le(12, 2)
    sound = 7 <= size <= 4096 and zlib.crc32(head.read(9, size - 2)) & 0xFFFF == head.le(7, 2)
    return Guess("rar", "checksum" if sound else "magic")


def arj(head: Head) -> Guess | None:
    """The CRC-32 of the basic header."""
    size = head.le(2, 2)
    sound = 30 <= size <= 2600 and zlib.crc32(head.read(4, size)) == head.le(4 + size, 4)
    return Guess("arj", "checksum") if sound else None


def ace(head: Head) -> Guess | None:
    """The main header's type."""
    return Guess("ace", "fields") if head.le(4, 1) == 0 else None


def cab(head: Head) -> Guess | None:
    """Reserved fields are zero, version 1.3, the file table lies inside the cabinet."""
    sound = head.le(4, 4) == head.le(12, 4) == head.le(20, 4) == 0 and head.le(25, 1) == 1
    return Guess("cab", "structure") if sound and 36 <= head.le(16, 4) < head.le(8, 4) else None


def tar(head: Head) -> Guess | None:
    """The sum of the header's bytes, with its own field taken as spaces."""
    block = head.read(0, 512)
    field = block[148:156]
    digits = field.strip(b" \0")
    if len(block) < 512 or not digits.isdigit() or not set(field) <= OCTAL or not set(digits) <= OCTAL:
        return Guess("tar", "magic") if block[257:262] == b"ustar" else None
    if sum(block) - sum(field) + 8 * 32 != int(digits, 8):
        return None
    return Guess("tar", "checksum")


def cpio(head: Head) -> Guess | None:
    """The portable headers are digits; the old binary one has a name that ends where its size says."""
    if head.data[:1] == b"0":
        width, base = (70, b"01234567") if head.data[5:6] == b"7" else (104, b"0123456789abcdefABCDEF")
        digits = head.read(6, width)
        return Guess("cpio", "structure") if len(digits) == width and set(digits) <= set(base) else None
    number = head.le if head.data[:1] == b"\xc7" else head.be
    size = number(20, 2)
    name = head.read(26, size) if 0 < size <= 1024 else b""
    return Guess("cpio", "structure") if name[-1:] == b"\0" and name[:-1].isascii() and 0 not in name[:-1] else None


def ar(head: Head) -> Guess | None:
    """The member header's end mark; a Debian package starts with the member debian-binary."""
    if len(head.data) == 8:
        return Guess("ar", "long magic")
    if head.read(66, 2) != b"`\n":
        return None
    return Guess("deb" if head.has(8, b"debian-binary") else "ar", "structure")


def rpm(head: Head) -> Guess | None:
    """The lead's version and type, and the signature header behind it."""
    sound = head.le(4, 1) in (3, 4) and head.be(6, 2) in (0, 1)
    return Guess("rpm", "structure" if sound and head.has(96, b"\x8e\xad\xe8\1") else "magic")


def lha(head: Head) -> Guess | None:
    """-lh5-: the level, and below 2 the sum of the header's bytes."""
    level, size = head.le(20, 1), head.le(0, 1)
    if head.read(2, 1) != b"-" or head.read(6, 1) != b"-" or head.read(3, 2) not in (b"lh", b"lz", b"pm"):
        return None
    if level in (2, 3):
        return Guess("lha", "fields")
    sound = level in (0, 1) and size >= 20 and sum(head.read(2, size)) & 0xFF == head.le(1, 1)
    return Guess("lha", "checksum") if sound else None


def asar(head: Head) -> Guess | None:
    """Three nested sizes before the JSON that lists the files."""
    outer, inner, text = head.le(4, 4), head.le(8, 4), head.le(12, 4)
    sound = outer - 4 == inner and text <= inner - 4 and head.read(16, 8) == b'{"files"'
    return Guess("asar", "structure") if sound else None


def nested(format: str, at: int, values: tuple[int, ...]) -> Check:
    """A check of one little-endian number of 4 bytes."""
    return lambda head: Guess(format, "fields") if head.le(at, 4) in values else None


CHECKS: dict[str, Check] = {
    "gzip": gzip,
    "zlib": zlib_stream,
    "bzip2": bzip2,
    "xz": xz,
    "zstd": zstd,
    "lz4": lz4,
    "lzip": lzip,
    "lzma": lzma,
    "compress": compress,
    "7z": seven_zip,
    "rar": rar,
    "arj": arj,
    "ace": ace,
    "cab": cab,
    "tar": tar,
    "cpio": cpio,
    "ar": ar,
    "rpm": rpm,
    "lha": lha,
    "asar": asar,
    "crx": nested("crx", 4, (2, 3)),
    "wim": nested("wim", 8, (208,)),
    "chm": nested("chm", 4, (2, 3, 4)),
}
