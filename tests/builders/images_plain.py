"""Small pictures of the plain formats: anymaps, PCX, TGA, QOI, Sun raster, X bitmaps, metafiles, ILDA, profiles."""

import struct


def icc(*tags: tuple[bytes, bytes], size: int | None = None, slack: bytes = b"") -> bytes:
    """A profile of a printer with tags."""
    at = 132 + 12 * len(tags)
    table, data = b"", b""
    for tag, content in tags:
        table += tag + struct.pack(">II", at + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    whole = at + len(data) + len(slack) if size is None else size
    head = struct.pack(">I", whole) + b"lcms" + b"\2\x40\0\0" + b"prtrGRAYLab "
    head += struct.pack(">6H", 2020, 1, 2, 3, 4, 5) + b"acspMSFT" + bytes(20)
    head += struct.pack(">IIII", 0, 0xF6D6, 0x10000, 0xD32D) + b"lcms"
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + data + slack


def ilda(*points: int, end: bool = True, name: bytes = b"whale") -> bytes:
    """Frames of so many points each, and the section that ends them."""
    frames = b""
    for number, count in enumerate((*points, *((0,) if end else ()))):
        head = b"ILDA\0\0\0\1" + name.ljust(8, b"\0") + b"rorqual\0"
        head += struct.pack(">HHHBB", count, number, len(points), 0, 0)
        frames += head + bytes(range(6)) * count
    return frames


def pcx(width: int = 6, height: int = 3, *, depth: int = 8, palette: bool = True) -> bytes:
    """Rows of runs; behind them a palette."""
    line = (width * depth + 7) // 8 + 1 & ~1
    head = struct.pack("<BBBB6H", 10, 5, 1, depth, 0, 0, width - 1, height - 1, 72, 72) + bytes(48)
    head += struct.pack("<BBHHHH", 0, 1, line, 1, 0, 0) + bytes(54)
    rows = (bytes([0xC0 | min(line - 1, 63), 7]) + b"\xc1\xee") * min(height, 9)
    return head + rows + (b"\x0c" + bytes(768) if palette else b"")


def tga(*, identification: bytes = b"", comment: bytes = b"", slack: bytes = b"") -> bytes:
    """A picture of 3 by 2, with an extension area where there is a comment."""
    head = struct.pack("<BBBHHBHHHHBB", len(identification), 0, 2, 0, 0, 0, 0, 0, 3, 2, 24, 0)
    image = head + identification + bytes(range(18)) + slack
    extension = struct.pack("<H", 495) + b"Ahab".ljust(41, b"\0") + comment.ljust(324, b"\0")
    extension = extension.ljust(495, b"\0") if comment else b""
    footer = struct.pack("<II", len(image) if comment else 0, 0) + b"TRUEVISION-XFILE.\0"
    return image + extension + footer


def qoi(width: int = 4, height: int = 2) -> bytes:
    """A picture of one colour and a run."""
    codes = b"\xfe\x11\x22\x33" + bytes([0xC0 | min(width * height - 2, 61)])
    return b"qoif" + struct.pack(">IIBB", width, height, 3, 0) + codes + bytes(7) + b"\1"


def sunraster(*, stated: int | None = None, kind: int = 1, colours: bytes = b"") -> bytes:
    """A grey picture of 3 by 2, in rows of whole words."""
    rows = bytes(range(8))
    numbers = (3, 2, 8, len(rows) if stated is None else stated, kind, 1 if colours else 0, len(colours))
    return b"\x59\xa6\x6a\x95" + struct.pack(">7I", *numbers) + colours + rows


def xbm(width: int = 10, height: int = 2, *, count: int | None = None) -> bytes:
    """A bitmap as C source."""
    many = (width + 7) // 8 * height if count is None else count
    numbers = ", ".join(f"0x{number:02x}" for number in range(many))
    return (
        f"#define whale_width {width}\n#define whale_height {height}\n"
        f"static unsigned char whale_bits[] = {{\n   {numbers}}};\n"
    ).encode()


def xpm(*, rows: int = 2, remark: str = "") -> bytes:
    """A pixmap of 3 pixels a row, as C source."""
    lines = ['"3 2 2 1"', '"  c None"', '". c #000000"', *['" . "'] * rows]
    return (f"/* XPM */\n{remark}static char *whale[] = {{\n" + ",\n".join(lines) + "\n};\n").encode()


def metafile(*, placeable: bool = True, comment: bytes = b"", size: int | None = None) -> bytes:
    """A Windows metafile of a mapping mode, perhaps a comment, and the end."""
    records = struct.pack("<IHH", 4, 0x0103, 8)
    if comment:
        comment += bytes(len(comment) % 2)
        records += struct.pack("<IHHH", 5 + len(comment) // 2, 0x0626, 15, len(comment)) + comment
    records += struct.pack("<IH", 3, 0)
    words = 9 + len(records) // 2 if size is None else size
    head = struct.pack("<HHHIHIH", 1, 9, 0x300, words, 0, 8, 0)
    front = b""
    if placeable:
        front = b"\xd7\xcd\xc6\x9a" + struct.pack("<HhhhhHI", 0, 0, 0, 100, 100, 96, 0)
        total = 0
        for word in struct.unpack("<10H", front):
            total ^= word
        front += struct.pack("<H", total)
    return front + head + records


def emf(*, comment: bytes = b"", description: str = "", size: int | None = None) -> bytes:
    """An enhanced metafile of a header, perhaps a comment, and the end."""
    text = (description + "\0").encode("utf-16-le") if description else b""
    text += bytes(-len(text) % 4)
    records = b""
    if comment:
        padded = comment + bytes(-len(comment) % 4)
        records = struct.pack("<III", 70, 12 + len(padded), len(comment)) + padded
    records += struct.pack("<IIIII", 14, 20, 0, 16, 20)
    whole = 88 + len(text) + len(records)
    head = struct.pack("<II", 1, 88 + len(text)) + bytes(32) + b" EMF" + struct.pack("<I", 0x10000)
    head += struct.pack("<IIHHII", whole if size is None else size, 3 if comment else 2, 1, 0, len(text) // 2, 88)
    return head.ljust(88, b"\0") + text + records
