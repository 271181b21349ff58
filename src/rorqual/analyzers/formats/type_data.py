"""Fonts, databases, scientific data, captures and system files that need more than a magic number.

Specifications: OpenType 1.9, WOFF 1 and 2, Adobe Type 1, the SQLite file format, HDF5 and NetCDF classic,
NumPy's npy format, gettext's MO, terminfo(5), RFC 8536 (TZif), libpcap's savefile and pcapng, the regf
notes of libregf.
"""

from rorqual.analyzers.formats.type_head import Check, Guess, Head


def sfnt(head: Head) -> Guess | None:
    """Tags are printable, the search range follows from the count, the tables lie behind the directory."""
    count, search = head.be(4, 2), head.be(6, 2)
    format = "otf" if head.data[:4] == b"OTTO" else "ttf"
    if not 0 < count <= 256 or len(head.data) < 28:
        return None
    if (
        not head.read(12, 4).isascii()
        or not head.read(12, 4).strip().replace(b"/", b"").isalnum()
        or head.be(20, 4) < 12 + 16 * count
    ):
        return None
    return Guess(format, "structure" if search == 16 << count.bit_length() - 1 else "fields")


def ttc(head: Head) -> Guess | None:
    """A version and the first font's offset."""
    return Guess("ttc", "fields") if head.be(4, 4) in (0x10000, 0x20000) and head.be(12, 4) >= 16 else None


def woff(head: Head) -> Guess | None:
    """A flavour that exists, a reserved field of zero, tables."""
    flavour = head.read(4, 4) in (b"\0\1\0\0", b"OTTO", b"true", b"ttcf")
    sound = head.be(12, 2) > 0 and head.be(14, 2) == 0 and head.be(8, 4) > 44
    return Guess("woff2" if head.data[3:4] == b"2" else "woff", "fields" if flavour and sound else "magic")


def eot(head: Head) -> Guess | None:
    """The size of the whole is more than that of the font data, and the version is one of three."""
    sound = head.le(8, 4) in (0x10000, 0x20001, 0x20002) and head.le(0, 4) > head.le(4, 4) > 0
    return Guess("eot", "structure") if sound else None


def pfb(head: Head) -> Guess | None:
    """The first segment is text that starts as Type 1 fonts do."""
    return Guess("pfb", "structure") if head.le(2, 4) > 0 and head.has(6, b"%!") else None


def cff(head: Head) -> Guess | None:
    """The name index: one font, whose name is printable and ends where the offsets say."""
    width = head.le(6, 1)
    if head.be(4, 2) != 1 or not 1 <= width <= 4 or not 1 <= head.le(3, 1) <= 4 or head.be(7, width) != 1:
        return None
    name = head.read(7 + 2 * width, max(head.be(7 + width, width) - 1, 0))
    return Guess("cff", "structure") if 0 < len(name) < 128 and name.isascii() and name.decode().isprintable() else None


def psf(head: Head) -> Guess | None:
    """Version 1 has a mode and a height, version 2 a header size."""
    if head.data[:1] == b"\x36":
        return Guess("psf", "fields") if head.le(2, 1) in range(8) and 4 <= head.le(3, 1) <= 64 else None
    return Guess("psf", "fields") if head.le(8, 4) == 32 and 0 < head.le(24, 4) <= 256 else None


def pcf(head: Head) -> Guess | None:
    """A table of contents with few entries of few kinds."""
    return Guess("pcf", "fields") if 0 < head.le(4, 4) <= 16 and 0 < head.le(8, 4) <= 256 else None


def sqlite(head: Head) -> Guess | None:
    """A page size that is a power of two and the payload fractions that never change."""
    page = head.be(16, 2)
    sound = (page == 1 or (page >= 512 and page.bit_count() == 1)) and head.read(21, 3) == b"\x40\x20\x20"
    return Guess("sqlite", "structure" if sound else "long magic")


def berkeley(head: Head) -> Guess | None:
    """The magic at 12 in either byte order, a version and a page size."""
    number = head.le if head.data[15] == 0 else head.be
    version, page = number(16, 4), number(20, 4)
    return Guess("bdb", "fields") if 0 < version < 32 and 512 <= page <= 65536 and page.bit_count() == 1 else None


def hdf5(head: Head) -> Guess | None:
    """A superblock version and, in the old ones, sizes of offsets and lengths."""
    version = head.le(8, 1)
    sizes = (13, 14) if version < 2 else (9, 10)
    sound = version in range(4) and all(head.le(at, 1) in (2, 4, 8, 16) for at in sizes)
    return Guess("hdf5", "structure" if sound else "long magic")


def netcdf(head: Head) -> Guess | None:
    """Version 1, 2 or 5; dimensions come next, or none."""
    if head.le(3, 1) not in (1, 2, 5):
        return None
    return Guess("netcdf", "fields") if head.be(12 if head.le(3, 1) == 5 else 8, 4) in (0, 10, 11, 12) else None


def npy(head: Head) -> Guess | None:
    """A version and a header that is a Python dictionary."""
    at = 10 if head.le(6, 1) == 1 else 12
    return Guess("npy", "structure" if head.has(at, b"{'descr'") else "fields") if head.le(6, 1) in (1, 2, 3) else None


def mo(head: Head) -> Guess | None:
    """Both tables of strings lie behind the header."""
    number = head.le if head.data[:1] == b"\xde" else head.be
    revision, originals, translated = number(4, 4), number(12, 4), number(16, 4)
    if revision < 0:
        return Guess("mo", "magic")
    return Guess("mo", "structure") if revision >> 16 <= 1 and originals >= 20 and translated >= 20 else None


def terminfo(head: Head) -> Guess | None:
    """The size of the names is where their NUL is."""
    size, flags, numbers = head.le(2, 2), head.le(4, 2), head.le(6, 2)
    names = head.read(12, size) if 1 < size <= 1024 else b""
    sound = names.find(b"\0") == size - 1 and names[:-1].isascii() and 0 <= flags < 256 and 0 <= numbers < 256
    return Guess("terminfo", "structure") if sound and names else None


def pcap(head: Head) -> Guess | None:
    """Version 2.x and a link type; the first record's length fits the snapshot length."""
    number = head.be if head.data[:1] in (b"\xa1", b"\x0a") and head.data[3:4] in (b"\xd4", b"\x4d") else head.le
    number = head.be if head.data[:1] == b"\xa1" else number
    if number(4, 2) != 2 or not 0 <= number(6, 2) <= 4:
        return None
    captured, length = number(32, 4), number(36, 4)
    return Guess("pcap", "structure" if 0 < captured <= length or captured < 0 else "fields")


def pcapng(head: Head) -> Guess | None:
    """The section header's byte-order magic."""
    order = head.read(8, 4)
    return Guess("pcapng", "structure") if order in (b"\x1a\x2b\x3c\x4d", b"\x4d\x3c\x2b\x1a") else None


def regf(head: Head) -> Guess | None:
    """The XOR of the first 127 words."""
    total = 0
    for at in range(0, 508, 4):
        total ^= max(head.le(at, 4), 0)
    total = {0: 1, 0xFFFFFFFF: 0xFFFFFFFE}.get(total, total)
    return Guess("regf", "checksum" if total == head.le(508, 4) else "magic")


def pickle(head: Head) -> Guess | None:
    """Protocol 4 and up is framed; before that an opcode that can come first must follow."""
    protocol, frame = head.le(1, 1), head.le(3, 8)
    if protocol in (4, 5):
        return Guess("pickle", "fields") if head.le(2, 1) == 0x95 and 0 < frame < 1 << 40 else None
    return (
        Guess("pickle", "habits") if protocol in (2, 3) and head.read(2, 1) in b"}](cXU" and head.le(2, 1) > 0 else None
    )


def pak(head: Head) -> Guess | None:
    """The directory lies behind the header, in entries of 64 bytes."""
    sound = 12 <= head.le(4, 4) < 1 << 31 and head.le(8, 4) % 64 == 0 and 0 < head.le(8, 4) < 1 << 22
    return Guess("pak", "fields") if sound else None


def mod(head: Head) -> Guess | None:
    """31 samples, each with a fine tune of 4 bits and a volume of at most 64."""
    sound = all(head.le(at, 1) < 16 and head.le(at + 1, 1) <= 64 for at in range(44, 44 + 31 * 30, 30))
    return Guess("mod", "fields") if sound else None


def torrent(head: Head) -> Guess | None:
    """A bencoded dictionary whose keys are those of BEP 3."""
    keys = (
        b"d8:announce",
        b"d4:info",
        b"d13:announce-list",
        b"d7:comment",
        b"d10:created by",
        b"d13:creation date",
    )
    sound = head.data.startswith(keys) and (b"4:info" in head.data or b"8:announce" in head.data)
    return Guess("torrent", "structure") if sound else None


def blocks(format: str, at: int, magic: bytes) -> Check:
    """A check of a second magic at `at`."""
    return lambda head: Guess(format, "fields") if head.has(at, magic) else None


def inside(format: str, at: int, values: range, *, width: int = 4, big: bool = False) -> Check:
    """A check of a number that must lie in `values`."""

    def check(head: Head) -> Guess | None:
        return Guess(format, "fields") if (head.be(at, width) if big else head.le(at, width)) in values else None

    return check


CHECKS: dict[str, Check] = {
    "sfnt": sfnt, "ttc": ttc, "woff": woff, "eot": eot, "pfb": pfb, "cff": cff, "psf": psf, "pcf": pcf,
    "sqlite": sqlite,
    "bdb": berkeley, "hdf5": hdf5, "netcdf": netcdf, "npy": npy, "mo": mo, "terminfo": terminfo, "pcap": pcap,
    "pcapng": pcapng, "regf": regf, "pickle": pickle, "torrent": torrent,
    "zoo": blocks("zoo", 0, b"ZOO "),
    "stuffit": blocks("stuffit", 0, b"SIT!"),
    "evt": blocks("evt", 0, b"\x30\0\0\0"),
    "s3m": blocks("s3m", 28, b"\x1a"),
    "vdi": inside("vdi", 0x44, range(0x10000, 0x10002)),
    "ese": inside("ese", 8, range(0x600, 0x700)),
    "mod": mod,
    "pst": blocks("pst", 8, b"SM"),
    "realmedia": inside("realmedia", 4, range(1, 1024), big=True),
    "pak": pak,
    "wad": inside("wad", 8, range(12, 1 << 31)),
    "glb": inside("glb", 4, range(1, 3)),
    "gitpack": inside("gitpack", 4, range(2, 5), big=True),
    "gitindex": inside("gitindex", 4, range(2, 5), big=True),
    "javaserial": inside("javaserial", 4, range(0x70, 0x7F), width=1),
    "axml": inside("axml", 4, range(16, 1 << 31)),
    "arsc": inside("arsc", 8, range(1, 256)),
    "au": inside("au", 4, range(24, 1 << 16), big=True),
    "tzif": inside("tzif", 4, range(0x30, 0x35), width=1),
    "dds": inside("dds", 4, range(124, 125)),
    "hdr": inside("hdr", 0, range(0x23, 0x24), width=1),
    "qoi": inside("qoi", 12, range(3, 5), width=1),
    "dwg": inside("dwg", 4, range(0x30, 0x3A), width=1),
    "musepack": inside("musepack", 3, range(0x07, 0x28), width=1),
    "hlp": inside("hlp", 4, range(16, 1 << 31)),
    "pdf": inside("pdf", 5, range(0x30, 0x3A), width=1),
    "prefetch": inside("prefetch", 0, range(17, 32)),
}  # fmt: skip
