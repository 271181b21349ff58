"""Filesystems, volumes and disk images, by superblocks and boot sectors.

Specifications: ECMA-119 and ECMA-167, Microsoft's FAT and exFAT notes, UEFI 5.3, the kernel's on-disk
format notes. A trailer (DMG's koly, a fixed VHD) is not looked for: the probe reads from the start.
"""

from zlib import crc32

from rorqual.analyzers.formats.type_head import Check, Guess, Head


def iso(head: Head) -> Guess | None:
    """The volume's size and block size stand in both byte orders."""
    kind = head.le(0x8000, 1)
    sound = head.le(0x8050, 4) == head.be(0x8054, 4) > 0 and head.le(0x8080, 2) == head.be(0x8082, 2) > 0
    if kind not in (0, 1, 2, 3, 255) or head.le(0x8006, 1) != 1:
        return None
    return Guess("iso", "structure" if kind == 1 and sound else "magic")


def udf(head: Head) -> Guess | None:
    """A volume recognition sequence that names NSR within its first sectors."""
    for sector in range(1, 8):
        if head.read(0x8001 + sector * 2048, 4) == b"NSR0":
            return Guess("udf", "structure")
    return None


def ext(head: Head) -> Guess | None:
    """Counts are positive, the block size is one of the seven, state and revision exist."""
    sound = head.le(0x400, 4) > 0 and head.le(0x404, 4) > 0 and 0 <= head.le(0x418, 4) <= 6
    return Guess("ext", "structure") if sound and 0 <= head.le(0x43A, 2) < 8 and head.le(0x44C, 4) in (0, 1) else None


def boot(head: Head) -> Guess | None:
    """55 AA at 510: a FAT, a partition table, or just code."""
    sector = head.read(0, 512)
    if _is_fat(sector):
        return Guess("fat", "structure")
    used = 0
    for at in range(446, 510, 16):
        entry = sector[at : at + 16]
        if entry[0] not in (0, 0x80):
            return _code(sector)
        start, size = int.from_bytes(entry[8:12], "little"), int.from_bytes(entry[12:16], "little")
        if entry[4] == 0:
            if start or size:
                return _code(sector)
        elif size == 0 or (start == 0 and entry[4] not in (0x17, 0x00, 0xCD, 0x83)):
            return _code(sector)
        else:
            used += 1
    return Guess("mbr", "structure") if used else _code(sector)


def _is_fat(sector: bytes) -> bool:
    per_sector, per_cluster = int.from_bytes(sector[11:13], "little"), sector[13]
    jump = sector[0] == 0xE9 or (sector[0] == 0xEB and sector[2] == 0x90)
    media = sector[21] == 0xF0 or sector[21] >= 0xF8
    return (
        jump
        and media
        and per_sector in (512, 1024, 2048, 4096)
        and per_cluster.bit_count() == 1
        and sector[16] in (1, 2)
        and int.from_bytes(sector[14:16], "little") > 0
    )


def _code(sector: bytes) -> Guess | None:
    starts = (
        b"\xeb",
        b"\xe9",
        b"\xfa",
        b"\x33\xc0",
        b"\x31\xc0",
        b"\xfc",
        b"\x0e",
        b"\xea",
        b"\x8c\xc8",
        b"\xb8",
        b"\x90",
    )
    return Guess("bootsector", "magic") if sector.startswith(starts) else None


def gpt(head: Head) -> Guess | None:
    """The CRC-32 of the header, with its own field as zero."""
    size = head.le(512 + 12, 4)
    if not 92 <= size <= 512:
        return None
    data = head.read(512, size)
    return Guess("gpt", "checksum" if crc32(data[:16] + bytes(4) + data[20:]) == head.le(512 + 16, 4) else "long magic")


def jffs2(head: Head) -> Guess | None:
    """A node type and the CRC of its header, as the kernel takes it (no inversion)."""
    number = head.le if head.data[:1] == b"\x85" else head.be
    sound = crc32(head.read(0, 8), 0xFFFFFFFF) ^ 0xFFFFFFFF == number(8, 4)
    return Guess("jffs2", "checksum") if sound and number(2, 2) & 0x2000 else None


def ubi(head: Head) -> Guess | None:
    """The CRC of the erase counter header."""
    sound = crc32(head.read(0, 60)) ^ 0xFFFFFFFF == head.be(60, 4)
    return Guess("ubi", "checksum" if sound else "magic")


def squashfs(head: Head) -> Guess | None:
    """The version, and a block size that agrees with its logarithm."""
    number = head.le if head.data[:1] == b"h" else head.be
    if not 1 <= number(28, 2) <= 4:
        return None
    log = number(22, 2)
    return Guess("squashfs", "structure" if 12 <= log <= 20 and number(12, 4) == 1 << log else "fields")


def hfs(head: Head) -> Guess | None:
    """HFS+ by version, HFS by allocation blocks of a multiple of 512 bytes."""
    signature, version = head.read(0x400, 2), head.be(0x402, 2)
    if signature in (b"H+", b"HX"):
        block = head.be(0x428, 4)
        return Guess("hfsplus", "structure") if version in (4, 5) and block >= 512 and block.bit_count() == 1 else None
    block = head.be(0x414, 4)
    return Guess("hfs", "fields") if block > 0 and block % 512 == 0 and head.be(0x40E, 2) == 3 else None


def powers(format: str, at: int, low: int, high: int, *, big: bool = False) -> Check:
    """A check of a number of 4 bytes that must be a power of two between `low` and `high`."""

    def check(head: Head) -> Guess | None:
        value = head.be(at, 4) if big else head.le(at, 4)
        return Guess(format, "fields") if low <= value <= high and value.bit_count() == 1 else None

    return check


def versions(format: str, at: int, values: tuple[int, ...], *, width: int = 4, big: bool = False) -> Check:
    """A check of a number that must be one of `values`."""

    def check(head: Head) -> Guess | None:
        return Guess(format, "fields") if (head.be(at, width) if big else head.le(at, width)) in values else None

    return check


CHECKS: dict[str, Check] = {
    "iso": iso,
    "udf": udf,
    "ext": ext,
    "boot": boot,
    "gpt": gpt,
    "jffs2": jffs2,
    "ubi": ubi,
    "squashfs": squashfs,
    "hfs": hfs,
    "ntfs": versions("ntfs", 11, (256, 512, 1024, 2048, 4096), width=2),
    "exfat": versions("exfat", 11, (0,)),
    "xfs": powers("xfs", 4, 512, 65536, big=True),
    "apfs": powers("apfs", 36, 4096, 65536),
    "erofs": versions("erofs", 0x400 + 12, tuple(range(9, 17)), width=1),
    "luks": versions("luks", 6, (1, 2), width=2, big=True),
    "qcow2": versions("qcow2", 4, (1, 2, 3), big=True),
    "vmdk": versions("vmdk", 4, (1, 2, 3)),
    "simg": versions("simg", 4, (1,), width=2),
}
