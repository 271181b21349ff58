"""Pictures: PNG, JPEG, GIF, BMP, ICO, TIFF, PNM, PSD, ICC, ILDA, PCX, TGA and fonts of outlines are next
door.

Specifications: W3C PNG, ITU T.81, GIF89a, MS-WMF and MS-BMP, TIFF 6.0, netpbm's pages, Adobe's Photoshop
format, ICC.1, ILDA IDTF, DICOM PS3.10.
"""

import re
from zlib import crc32

from rorqual.analyzers.formats.type_head import Check, Guess, Head

PNM = re.compile(rb"P([1-6])(?:\s|#[^\n]*\n)+\d+(?:\s|#[^\n]*\n)+\d+(?:\s|#[^\n]*\n)+(\d+\s)?")
PNM_KINDS = {b"1": "pbm", b"2": "pgm", b"3": "ppm", b"4": "pbm", b"5": "pgm", b"6": "ppm"}
DIB_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)


def png(head: Head) -> Guess | None:
    """The CRC of IHDR; an acTL before the first IDAT makes it animated."""
    sound = head.be(8, 4) == 13 and head.has(12, b"IHDR") and crc32(head.read(12, 17)) == head.be(29, 4)
    format, at = "png", 33
    for _ in range(16):
        name = head.data[at + 4 : at + 8]
        if name == b"acTL":
            format = "apng"
        if name in (b"IDAT", b"acTL", b"IEND", b""):
            break
        at += 12 + head.be(at, 4)
    return Guess(format, "checksum" if sound else "long magic")


def jpeg(head: Head) -> Guess | None:
    """Segments lead from one marker to the next; FF D8 FF F7 is JPEG-LS."""
    at, steps = 2, 0
    while at + 4 <= len(head.data) and steps < 4:
        if head.data[at] != 0xFF:
            return None
        marker, size = head.data[at + 1], head.be(at + 2, 2)
        if marker == 0xF7:
            return Guess("jpegls", "fields")
        if marker == 0xFF:
            at += 1
            continue
        if not 0xC0 <= marker <= 0xFE or marker in (0xC8, 0xD8, 0xD9) or size < 2:
            return None
        at, steps = at + 2 + size, steps + 1
        if marker == 0xDA:
            break
    return Guess("jpeg", "structure" if steps > 1 else "fields") if steps else None


def gif(head: Head) -> Guess | None:
    """A block introducer stands behind the colour table."""
    if head.data[3:6] not in (b"87a", b"89a"):
        return None
    flags = head.le(10, 1)
    if flags < 0:
        return Guess("gif", "magic")
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    return Guess("gif", "structure" if head.read(at, 1) in (b"\x2c", b"\x21", b"\x3b") else "magic")


def bmp(head: Head) -> Guess | None:
    """A header of a known size, one plane, a depth that exists, pixels behind the headers."""
    size, start = head.le(14, 4), head.le(10, 4)
    at = 22 if size == 12 else 26
    sound = size in DIB_HEADERS and head.le(at, 2) == 1 and head.le(at + 2, 2) in (0, 1, 2, 4, 8, 16, 24, 32)
    return Guess("bmp", "structure") if sound and 14 + size <= start < 1 << 24 else None


def ico(head: Head) -> Guess | None:
    """The first entry of the directory leads to a bitmap header or a PNG."""
    count, size, at = head.le(4, 2), head.le(14, 4), head.le(18, 4)
    if not 0 < count <= 1024 or head.le(9, 1) not in (0, 255) or size < 12 or at < 6 + 16 * count:
        return None
    format = "ico" if head.data[2] == 1 else "cur"
    start = head.read(at, 4)
    if start in (b"\x28\0\0\0", b"\x89PNG", b"\x0c\0\0\0"):
        return Guess(format, "structure")
    return Guess(format, "fields") if start == b"" and at < 1 << 24 and head.le(10, 2) <= 1 else None


def tiff(head: Head) -> Guess | None:
    """The first directory has entries, of types that exist, in order of their tags."""
    number = head.le if head.data[:1] == b"I" else head.be
    big = number(2, 2) == 43
    at = number(8, 8) if big else number(4, 4)
    count, step = (number(at, 8), 20) if big else (number(at, 2), 12)
    first = at + (8 if big else 2)
    if at < 8:
        return None
    if count < 0:
        return Guess("tiff", "magic")
    tags = [number(first + index * step, 2) for index in range(min(count, 64))]
    kinds = [number(first + index * step + 2, 2) for index in range(min(count, 64))]
    if not 0 < count <= 4096 or not all(kind in range(1, 19) for kind in kinds[:4]):
        return None
    format = "dng" if 0xC612 in tags else "cr2" if head.has(8, b"CR\2") else "tiff"
    return Guess(format, "structure" if tags == sorted(tags) else "fields")


def pnm(head: Head) -> Guess | None:
    """The header in full: width, height, and but for bitmaps the largest value."""
    if head.data[1:2] == b"7":
        return Guess("pam", "fields") if b"WIDTH " in head.data[:512] and b"\nENDHDR\n" in head.data else None
    found = PNM.match(head.data[:1024])
    if found is None or (found[1] not in b"14" and found[2] is None):
        return None
    return Guess(PNM_KINDS[found[1]], "fields")


def psd(head: Head) -> Guess | None:
    """Version 1 or 2, six zeros, 1 to 56 channels."""
    sound = head.be(4, 2) in (1, 2) and head.read(6, 6) == bytes(6) and 0 < head.be(12, 2) <= 56
    return Guess("psd", "fields") if sound else None


def icc(head: Head) -> Guess | None:
    """A size, a major version, and a tag count that fits in it."""
    size, tags = head.be(0, 4), head.be(128, 4)
    return (
        Guess("icc", "structure") if 0 < head.be(8, 1) <= 5 and 0 <= tags < 1000 and 128 + 12 * tags <= size else None
    )


def ilda(head: Head) -> Guess | None:
    """A format code of those assigned."""
    return Guess("ilda", "fields") if head.read(4, 3) == bytes(3) and head.le(7, 1) in (0, 1, 2, 4, 5) else None


def dicom(head: Head) -> Guess | None:
    """The file meta group comes first, with an explicit value representation."""
    if len(head.data) <= 132:
        return Guess("dicom", "magic")
    return Guess("dicom", "structure") if head.read(132, 2) == b"\2\0" and head.read(136, 2).isalpha() else None


def pcx(head: Head) -> Guess | None:
    """A version, run-length encoding, a depth, a window that is not inside out."""
    version, coded, depth = head.data[1:4] if len(head.data) >= 128 else b"\xff\xff\xff"
    window = 0 <= head.le(8, 2) - head.le(4, 2) < 32768 and 0 <= head.le(10, 2) - head.le(6, 2) < 32768
    sound = version in (0, 2, 3, 4, 5) and coded == 1 and depth in (1, 2, 4, 8) and head.le(64, 1) == 0
    return Guess("pcx", "fields") if sound and window and 0 < head.le(65, 1) <= 4 else None


def tga(head: Head) -> Guess | None:
    """No magic at the start: a header whose fields all make sense is worth a modest guess."""
    if len(head.data) < 32:
        return None
    _, palette, kind = head.data[:3]
    first, length, width = head.le(3, 2), head.le(5, 2), head.data[7]
    table = (0 < length <= 256 and width in (15, 16, 24, 32)) if palette == 1 else first == length == width == 0
    depth = head.data[16] in ((8,) if kind in (1, 9, 3, 11) else (15, 16, 24, 32))
    fits = palette == (1 if kind in (1, 9) else 0) and kind in (1, 2, 3, 9, 10, 11) and head.data[17] & 0xC0 == 0
    size = 0 < head.le(12, 2) <= 16384 and 0 < head.le(14, 2) <= 16384 and head.le(8, 4) == 0
    return Guess("tga", "habits") if fits and table and depth and size else None


def sgi(head: Head) -> Guess | None:
    """Storage, bytes per channel and dimensions of the few values they have."""
    sound = head.le(2, 1) in (0, 1) and head.le(3, 1) in (1, 2) and head.be(4, 2) in (1, 2, 3)
    return Guess("sgi", "fields") if sound and head.be(104, 4) in (0, 1, 2, 3) else None


def wmf(head: Head) -> Guess | None:
    """The plain header: 9 words, a version, no parameters."""
    return Guess("wmf", "fields") if head.le(4, 2) in (0x100, 0x300) and head.le(16, 2) == 0 else None


def emf(head: Head) -> Guess | None:
    """The first record is a header of at least 88 bytes."""
    return Guess("emf", "fields") if head.le(0, 4) == 1 and 88 <= head.le(4, 4) <= 1024 else None


def jp2(head: Head) -> Guess | None:
    """The file type box follows the signature box."""
    if not head.has(16, b"ftyp"):
        return Guess("jp2", "long magic")
    return Guess("jpx" if head.has(20, b"jpx ") else "jp2", "structure")


CHECKS: dict[str, Check] = {
    "png": png,
    "jpeg": jpeg,
    "gif": gif,
    "bmp": bmp,
    "ico": ico,
    "tiff": tiff,
    "pnm": pnm,
    "psd": psd,
    "icc": icc,
    "ilda": ilda,
    "dicom": dicom,
    "pcx": pcx,
    "sgi": sgi,
    "wmf": wmf,
    "emf": emf,
    "jp2": jp2,
}
