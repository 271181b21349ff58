"""What the corpora of pictures do not show: rare variants, exact extents between other bytes, children decoded."""

import struct
import zlib
from typing import Any

import pytest

import rorqual
from rorqual.findings.record import Finding
from tests.builders import images_plain as plain
from tests.builders import images_raster as raster
from tests.builders import images_scans as scans

PICTURES: dict[str, tuple[str, bytes]] = {
    "png": ("png", raster.png()),
    "png of Apple": ("png", raster.png(before=raster.chunk(b"CgBI", b"\x50\0\x20\2"))),
    "apng": ("apng", raster.png(raster.chunk(b"acTL", bytes(8)))),
    "mng": ("mng", raster.mng()),
    "jng": ("jng", raster.jng()),
    "jpeg": ("jpeg", raster.jpeg(raster.JFIF)),
    "progressive": ("jpeg", raster.jpeg(frame=0xC2)),
    "arithmetic": ("jpeg", raster.jpeg(frame=0xC9)),
    "fill bytes": ("jpeg", raster.jpeg(end=b"\xff\xff\xff\xd9")),
    "several scans": ("jpeg", raster.jpeg(end=raster.SCAN + b"\xff\xd9")),
    "jpegls": ("jpegls", raster.jpeg(frame=0xF7)),
    "gif87a": ("gif", raster.gif(version=b"87a")),
    "zeros between blocks": ("gif", raster.gif(end=b"\0;")),
    "bmp of OS/2 1": ("bmp", raster.bmp(12)),
    "bmp of OS/2 2": ("bmp", raster.bmp(64)),
    "bmp, short": ("bmp", raster.bmp(16)),
    "bmp 3": ("bmp", raster.bmp(40, depth=1)),
    "bmp 4": ("bmp", raster.bmp(108, depth=16)),
    "bmp 5": ("bmp", raster.bmp(124, depth=32)),
    "ico": ("ico", raster.ico(raster.dib(), raster.png())),
    "cur": ("cur", raster.ico(raster.dib(), kind=2)),
    "tiff": ("tiff", raster.tiff()),
    "tiff, big-endian": ("tiff", raster.tiff(">")),
    "BigTIFF": ("tiff", raster.tiff(big=True)),
    "BigTIFF, big-endian": ("tiff", raster.tiff(">", big=True)),
    "dng": ("dng", raster.tiff(more=((50706, 1, 4, b"\1\4\0\0"),))),
    "webp": ("webp", raster.webp()),
    "webp, extended": ("webp", raster.webp((b"XMP ", b"<x/>"))),
    "psd": ("psd", scans.psd()),
    "psd, raw": ("psd", scans.psd(compression=0)),
    "psd, deflated": ("psd", scans.psd(compression=2)),
    "psb": ("psd", scans.psd(psb=True)),
    "dicom": ("dicom", scans.dicom()),
    "dicom, implicit": ("dicom", scans.dicom(syntax=b"1.2.840.10008.1.2", vr=False)),
    "dicom, big-endian": ("dicom", scans.dicom(syntax=b"1.2.840.10008.1.2.2", order=">")),
    "dicom, deflated": ("dicom", scans.dicom(syntax=b"1.2.840.10008.1.2.1.99")),
    "jp2": ("jp2", scans.jp2()),
    "jp2, open": ("jp2", scans.jp2(open_ended=True)),
    "j2k": ("j2k", scans.codestream()),
    "avif": ("avif", scans.heif()),
    "heic": ("heic", scans.heif(b"heix", metadata=b"\0\0\0\0MM\0*")),
    "heif": ("heif", scans.heif(b"mif1")),
    "jxl": ("jxl", scans.jxl()),
    "bpg": ("bpg", scans.bpg()),
    "xcf": ("xcf", scans.xcf()),
    "xcf, plain": ("xcf", scans.xcf(compression=0, version=b"file")),
    "xcf, deflated": ("xcf", scans.xcf(compression=2, version=b"v011")),
    "icc": ("icc", plain.icc()),
    "ilda": ("ilda", plain.ilda(3)),
    "pcx": ("pcx", plain.pcx()),
    "pcx, one bit": ("pcx", plain.pcx(20, depth=1, palette=False)),
    "tga": ("tga", plain.tga(comment=b"seen")),
    "qoi": ("qoi", plain.qoi()),
    "sun": ("sunraster", plain.sunraster(colours=bytes(range(6)))),
    "xbm": ("xbm", b"/**/\n" + plain.xbm()),
    "xpm": ("xpm", plain.xpm()),
    "wmf": ("wmf", plain.metafile()),
    "wmf, bare": ("wmf", plain.metafile(placeable=False)),
    "emf": ("emf", plain.emf()),
    "pbm": ("pbm", b"P4\n9 2\n" + b"\xaa" * 4),
    "pgm of 16 bits": ("pgm", b"P5 2 2 65535\n" + b"abcdefgh"),
    "plain ppm": ("ppm", b"P3\n# one\n1 1 # two\n255\n1 2\n3\n"),
    "pam": ("pam", b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcd"),
    "pfm": ("pfm", b"PF\n1 1\n-1.0\n" + b"\0\0\x80\x3f" * 3),
}


def _claims(data: bytes, format: str) -> list[tuple[int, int]]:
    found = rorqual.scan(data)
    assert not [fault for fault in found.faults if fault.reason == "fault"]
    return [(one.offset, one.size) for one in found.findings("claim") if _body(one).format == format and not one.place]


def _body(finding: Finding) -> Any:
    return finding.body


def _one(data: bytes, kind: str) -> Any:
    return _body(next(iter(rorqual.scan(data).findings(kind))))


def _rooms(data: bytes) -> list[tuple[str, bytes]]:
    return [
        (_body(one).use, data[one.offset : one.offset + one.size])
        for one in rorqual.scan(data).findings("room")
        if not one.place
    ]


@pytest.mark.parametrize("name", PICTURES)
def test_extent_is_exact_between_other_bytes(name: str) -> None:
    format, data = PICTURES[name]
    lead = 5 if format == "xbm" else 0  # a remark before the first definition is none of it
    assert (lead, len(data) - lead) in _claims(data, format)
    around = b"x" * 777 + data + b"y" * 99
    if format == "xbm":
        around = b"x" * 776 + b"\n" + data + b"y" * 99
    assert (777 + lead, len(data) - lead) in _claims(around, format)


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_cut_is_not_claimed_whole(name: str) -> None:
    format, data = PICTURES[name]
    cut = data[: len(data) * 2 // 3]
    assert (0, len(data)) not in _claims(cut, format)


def test_text_and_profile_of_png_are_children() -> None:
    text, profile = b"the whale " * 20, b"profile " * 20
    data = raster.png(
        raster.chunk(b"zTXt", b"Title\0\0" + zlib.compress(text)),
        raster.chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(profile)),
    )
    sizes = {child.place[-1][1]: child.size for child in rorqual.scan(data).children}
    assert sizes == {"png-text": len(text), "png-profile": len(profile)}


def test_texts_of_png() -> None:
    body = _one(
        raster.png(raster.chunk(b"tEXt", b"Author\0Ahab"), raster.chunk(b"iTXt", b"T\0\0\0en\0\0call me")), "png_image"
    )
    assert body.texts == (("Author", "Ahab"), ("T", "call me"))


def test_thumbnail_of_exif_is_a_child_and_no_end() -> None:
    small = raster.jpeg()
    fields = b"MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 1) + struct.pack(">HHII", 274, 3, 1, 6 << 16)
    at = len(fields) + 4
    second = (
        struct.pack(">H", 2) + struct.pack(">HHII", 513, 4, 1, at + 30) + struct.pack(">HHII", 514, 4, 1, len(small))
    )
    block = b"Exif\0\0" + fields + struct.pack(">I", at) + second + bytes(4) + small
    data = raster.jpeg(raster.segment(0xE1, block))
    assert (0, len(data)) in _claims(data, "jpeg")
    body = _one(data, "exif_data")
    assert (body.orientation, body.thumbnail) == (6, len(small))
    children = [child for child in rorqual.scan(data).children if child.place[-1][1] == "exif-thumbnail"]
    assert [child.size for child in children] == [len(small)]


def test_position_in_exif() -> None:
    degrees = struct.pack("<6I", 41, 1, 17, 1, 6, 1)
    gps_at = 8 + 2 + 12 + 4
    values_at = gps_at + 2 + 4 * 12 + 4
    first = struct.pack("<H", 1) + struct.pack("<HHII", 34853, 4, 1, gps_at) + bytes(4)
    gps = struct.pack("<H", 4)
    for tag, letter in ((1, b"N\0\0\0"), (3, b"W\0\0\0")):
        gps += struct.pack("<HHI", tag, 2, 2) + letter
        gps += struct.pack("<HHII", tag + 1, 5, 3, values_at)
    block = b"Exif\0\0II*\0" + struct.pack("<I", 8) + first + gps + bytes(4) + degrees
    assert _one(raster.jpeg(raster.segment(0xE1, block)), "exif_data").position == "41.285000 N, 41.285000 W"


def test_thumbnail_of_photoshop_in_jpeg() -> None:
    block = b"Photoshop 3.0\0" + scans.resource(1036, bytes(28) + raster.jpeg())
    children = rorqual.scan(raster.jpeg(raster.segment(0xED, block))).children
    assert [child.place[-1][1] for child in children] == ["psd-thumbnail"]


def test_rooms_of_a_polyglot_host() -> None:
    parasite = b"PK\3\4 and so on, for as long as it takes"
    hosts = [
        ("private", raster.png(before=raster.chunk(b"cOMM", parasite))),
        ("comment", raster.jpeg(raster.segment(0xFE, parasite))),
        ("comment", raster.gif(raster.gif_extension(0xFE, parasite))),
        ("slack", raster.bmp(gap=parasite)),
        ("slack", raster.bmp(more=parasite)),
        ("slack", raster.ico(raster.dib(), gap=parasite)),
        ("unused", raster.tiff(gap=parasite)),
        ("private", raster.webp((b"junk", parasite))),
        ("private", scans.psd(scans.resource(0, parasite))),
        ("preamble", scans.dicom(preamble=parasite.ljust(128, b"\0"))),
        ("unused", scans.jp2(scans.box(b"free", parasite))),
        ("metadata", scans.bpg(parasite)),
        ("unused", plain.icc(slack=parasite)),
        ("comment", plain.metafile(comment=parasite)),
        ("comment", plain.emf(comment=parasite)),
        ("comment", plain.tga(identification=parasite)),
        ("comment", b"P6\n# " + parasite + b"\n1 1 255 abc"),
    ]
    for use, host in hosts:
        assert any(parasite in room and use == found for found, room in _rooms(host)), host[:8]


def test_zeros_are_no_room() -> None:
    assert _rooms(raster.png(raster.chunk(b"whLe", bytes(100)))) == []
    assert _rooms(scans.dicom()) == []


def test_dicom_in_a_cavity_of_nothing() -> None:
    """Elements right behind the magic number, without a meta group: as readers take it."""
    data = bytes(128) + b"DICM" + scans.dicom(vr=False)[132 + 12 + 28 :]
    assert _claims(data, "dicom") == [(0, len(data))]


def test_dicom_is_accepted_by_its_magic_number_alone() -> None:
    claim = next(one for one in rorqual.scan(scans.dicom()).findings("claim") if _body(one).format == "dicom")
    assert _body(claim).accepts_at == "fixed 128"


def test_sections_of_ilda_are_one_sequence() -> None:
    data = plain.ilda(3, 4, 5, 6)
    assert _claims(b"before" + data, "ilda") == [(6, len(data))]


def test_codestream_in_a_box_is_no_second_picture() -> None:
    assert _claims(scans.jp2(), "j2k") == []


def test_pcx_rows_are_decoded() -> None:
    assert _claims(plain.pcx(palette=False) + b"\x0c" + b"no palette", "pcx") == [(0, len(plain.pcx(palette=False)))]


def test_large_plain_anymap_crosses_reads() -> None:
    data = b"P2\n300 200\n255\n" + b" ".join(b"%d" % (number % 256) for number in range(60_000)) + b"\n"
    assert _claims(data + b"# no more", "pgm") == [(0, len(data))]


def test_large_x_bitmap_crosses_reads() -> None:
    data = plain.xbm(1600, 100)
    assert _claims(data + data, "xbm") == [(0, len(data)), (len(data), len(data))]


def test_entropy_coded_data_crosses_reads() -> None:
    data = raster.jpeg(end=b"\xa5\xff\0" * 2000 + b"\xff\xd9")
    for lead in range(4):
        assert _claims(b"x" * lead + data + b"after", "jpeg") == [(lead, len(data))]
