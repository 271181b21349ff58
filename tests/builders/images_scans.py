"""Small pictures of the formats of studios, hospitals and cameras: PSD, DICOM, JPEG 2000, HEIF, JPEG XL, BPG, XCF."""

import struct
import zlib


def resource(number: int, data: bytes) -> bytes:
    """An image resource of Photoshop."""
    return b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + bytes(len(data) % 2)


def psd(*resources: bytes, compression: int = 1, psb: bool = False) -> bytes:
    """A grey image of 5 by 2."""
    head = b"8BPS" + struct.pack(">H6xHIIHH", 2 if psb else 1, 1, 2, 5, 8, 1)
    section = b"".join(resources)
    if compression == 1:
        pixels = struct.pack(">II" if psb else ">HH", 2, 3) + b"\xfc\x11" + b"\xfd\x22\x33"
    elif compression == 2:
        pixels = zlib.compress(bytes(10))
    else:
        pixels = bytes(range(10))
    layers = bytes(8 if psb else 4)
    return (
        head + bytes(4) + struct.pack(">I", len(section)) + section + layers + struct.pack(">H", compression) + pixels
    )


def element(tag: int, vr: bytes, value: bytes, order: str = "<") -> bytes:
    """A data element; without a VR an implicit one."""
    value += bytes(len(value) % 2)
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if not vr:
        return head + struct.pack(order + "I", len(value)) + value
    if vr in (b"OB", b"OW", b"SQ", b"UN"):
        return head + vr + b"\0\0" + struct.pack(order + "I", len(value)) + value
    return head + vr + struct.pack(order + "H", len(value)) + value


def dicom(
    *more: bytes,
    syntax: bytes = b"1.2.840.10008.1.2.1",
    preamble: bytes = bytes(128),
    order: str = "<",
    vr: bool = True,
) -> bytes:
    """An object of 2 by 2 pixels; `more` stands before its pixels."""

    def short(tag: int, value: int) -> bytes:
        return element(tag, b"US" if vr else b"", struct.pack(order + "H", value), order)

    meta = element(0x00020010, b"UI", syntax)
    data = element(0x00080060, b"CS" if vr else b"", b"OT", order) + element(
        0x00100010, b"PN" if vr else b"", b"Ahab", order
    )
    data += short(0x00280010, 2) + short(0x00280011, 2) + short(0x00280100, 8) + b"".join(more)
    data += element(0x7FE00010, b"OB" if vr else b"", b"\1\2\3\4", order)
    if syntax.endswith(b".99"):
        packer = zlib.compressobj(wbits=-15)
        data = packer.compress(data) + packer.flush()
        data += bytes(len(data) % 2)
    return preamble + b"DICM" + element(0x00020000, b"UL", struct.pack("<I", len(meta))) + meta + data


def box(kind: bytes, data: bytes, size: int | None = None) -> bytes:
    """A box of the ISO base media format."""
    return struct.pack(">I", 8 + len(data) if size is None else size) + kind + data


def codestream(comment: bytes = b"", *, part: int | None = None) -> bytes:
    """A JPEG 2000 codestream of 4 by 4 with one tile-part."""
    siz = struct.pack(">HH8IH3B", 41, 0, 4, 4, 0, 0, 4, 4, 0, 0, 1, 7, 1, 1)
    com = b"\xff\x64" + struct.pack(">HH", 4 + len(comment), 1) + comment if comment else b""
    data = b"\xff\x93" + bytes([0x80, 0x11, 0x22])
    sot = b"\xff\x90" + struct.pack(">HHIBB", 10, 0, 12 + len(data) if part is None else part, 0, 1)
    return b"\xff\x4f\xff\x51" + siz + com + sot + data + b"\xff\xd9"


def jp2(*boxes: bytes, comment: bytes = b"", open_ended: bool = False) -> bytes:
    """A picture in boxes; `boxes` stand before the codestream."""
    stream = codestream(comment)
    header = box(b"jp2h", box(b"ihdr", struct.pack(">IIHBBBB", 4, 4, 1, 7, 7, 0, 0)))
    start = box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
    return start + header + b"".join(boxes) + box(b"jp2c", stream, 0 if open_ended else None)


def heif(brand: bytes = b"avif", *boxes: bytes, metadata: bytes = b"") -> bytes:
    """A picture of one item of 16 bytes, perhaps with metadata; `boxes` stand behind it."""
    items = [(1, b"av01", b"\x12\0picture in AV1")]
    if metadata:
        items.append((2, b"Exif", metadata))
    ftyp = box(b"ftyp", brand + b"\0\0\0\0mif1" + brand)
    data = b"".join(item[2] for item in items)
    meta = b""
    for _ in range(2):  # the places depend on the size of what tells them
        begins = len(ftyp) + len(meta) + 8
        places = struct.pack(">IBBH", 0, 0x44, 0x00, len(items))
        infos = struct.pack(">IH", 0, len(items))
        at = begins
        for number, kind, content in items:
            places += struct.pack(">HHHII", number, 0, 1, at, len(content))
            infos += box(b"infe", struct.pack(">IHH", 0x02000000, number, 0) + kind + b"\0")
            at += len(content)
        shapes = box(b"iprp", box(b"ipco", box(b"ispe", struct.pack(">III", 0, 4, 4))))
        handler = box(b"hdlr", bytes(8) + b"pict" + bytes(13))
        meta = box(b"meta", bytes(4) + handler + box(b"iinf", infos) + box(b"iloc", places) + shapes)
    return ftyp + meta + box(b"mdat", data) + b"".join(boxes)


def jxl(*boxes: bytes, open_ended: bool = False) -> bytes:
    """A container with a codestream; `boxes` stand before it."""
    start = box(b"JXL ", b"\r\n\x87\n") + box(b"ftyp", b"jxl \0\0\0\0jxl ")
    return start + b"".join(boxes) + box(b"jxlc", b"\xff\x0a" + bytes(range(20)), 0 if open_ended else None)


def seven(value: int) -> bytes:
    """A number of BPG, seven bits to a byte."""
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(0x80 | value & 0x7F)
    return bytes(reversed(parts))


def bpg(extension: bytes = b"", *, picture: bool = True, kind: int = 1) -> bytes:
    """A picture of 13 by 7; `picture`: whether the header says how long it is."""
    data = seven(3) + b"\x92\x42\x50" + b"\0\0\1\x26" + bytes(range(1, 30))
    extensions = seven(kind) + seven(len(extension)) + extension if extension else b""
    head = b"BPG\xfb" + bytes([0x20, 8 if extension else 0]) + seven(13) + seven(7)
    head += seven(len(data) if picture else 0)
    return head + (seven(len(extensions)) + extensions if extension else b"") + data


def xcf(*, compression: int = 1, parasite: bytes = b"", version: bytes = b"v003") -> bytes:
    """An image of one grey layer of 4 by 3."""
    wide = 8 if version >= b"v011" and version != b"file" else 4
    pointer = ">Q" if wide == 8 else ">I"
    properties = struct.pack(">IIB", 17, 1, compression)
    if parasite:
        properties += struct.pack(">II", 21, len(parasite)) + parasite
    properties += bytes(8)
    tile = {0: bytes(range(12)), 1: b"\xf4" + bytes(range(12)), 2: zlib.compress(bytes(12))}[compression]
    head = b"gimp xcf " + version + b"\0" + struct.pack(">III", 4, 3, 1)
    head += struct.pack(">I", 150) if wide == 8 else b""
    layer_at = len(head) + len(properties) + 3 * wide
    layer = struct.pack(">III", 4, 3, 2) + struct.pack(">I", 5) + b"back\0" + bytes(8)
    hierarchy_at = layer_at + len(layer) + 2 * wide
    level_at = hierarchy_at + 12 + 2 * wide
    tile_at = level_at + 8 + 2 * wide
    out = head + properties + struct.pack(pointer, layer_at) + bytes(2 * wide)
    out += layer + struct.pack(pointer, hierarchy_at) + bytes(wide)
    out += struct.pack(">III", 4, 3, 1) + struct.pack(pointer, level_at) + bytes(wide)
    return out + struct.pack(">II", 4, 3) + struct.pack(pointer, tile_at) + bytes(wide) + tile
