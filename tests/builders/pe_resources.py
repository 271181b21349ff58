"""Resource sections and what commonly lies in them, byte for byte the same each time: valid unless a test lies."""

import struct
from dataclasses import dataclass, replace

from tests.builders.pe import CODE, Image, Section, build

CURSOR, BITMAP, ICON, MENU, DIALOG, STRING, ACCELERATOR, RCDATA, MESSAGETABLE = 1, 2, 3, 4, 5, 6, 9, 10, 11
GROUP_ICON, VERSION, MANIFEST = 14, 16, 24
EN_US, DE_DE = 0x409, 0x407
RSRC = 0x4000_0040
RVA, AT = 0x2000, 0x400  # of the resource section that `image` makes
DEEPER = 0x8000_0000
LEVELS = 3

Key = int | str


@dataclass(frozen=True)
class Resource:
    """A leaf; `rva` and `size` are lies where they are given."""

    type: Key
    name: Key
    data: bytes
    language: int = EN_US
    code_page: int = 0
    rva: int | None = None
    size: int | None = None

    @property
    def path(self) -> tuple[Key, ...]:
        return self.type, self.name, self.language


def section(resources: list[Resource], rva: int = RVA) -> bytes:
    """Directories level by level, then data entries, names, data: as resource compilers do."""
    prefixes: list[list[tuple[Key, ...]]] = []
    for level in range(LEVELS):
        prefixes.append(sorted({one.path[:level] for one in resources}, key=_order))
    paths = sorted({one.path for one in resources}, key=_order)
    children = {
        prefix: sorted({path[: level + 1] for path in paths if path[:level] == prefix}, key=_order)
        for level in range(LEVELS)
        for prefix in prefixes[level]
    }
    places: dict[tuple[Key, ...], int] = {}
    at = 0
    for level in range(LEVELS):
        for prefix in prefixes[level]:
            places[prefix] = at
            at += 16 + 8 * len(children[prefix])
    for path in paths:
        places[path] = at
        at += 16
    names: dict[str, int] = {}
    text = b""
    for key in sorted({key for path in paths for key in path if isinstance(key, str)}):
        names[key] = at + len(text)
        text += struct.pack("<H", len(key)) + key.encode("utf-16-le")
    at += len(text)
    tables = b""
    for level in range(LEVELS):
        for prefix in prefixes[level]:
            tables += directory(
                [
                    (DEEPER | names[path[-1]] if isinstance(path[-1], str) else path[-1], _target(places, path))
                    for path in children[prefix]
                ]
            )
    entries, data = b"", bytes(-at % 8)
    at += len(data)
    for one in sorted(resources, key=lambda one: _order(one.path)):
        place = rva + at if one.rva is None else one.rva
        entries += data_entry(place, len(one.data) if one.size is None else one.size, one.code_page)
        padded = one.data + bytes(-len(one.data) % 8)
        data += padded
        at += len(padded)
    return tables + entries + text + data


def directory(rows: list[tuple[int, int]]) -> bytes:
    """A directory of (name, target) rows as stored."""
    named = sum(1 for name, _ in rows if name & DEEPER)
    return struct.pack("<IIHHHH", 0, 0, 4, 0, named, len(rows) - named) + b"".join(
        struct.pack("<II", *row) for row in rows
    )


def data_entry(rva: int, size: int, code_page: int = 0) -> bytes:
    return struct.pack("<IIII", rva, size, code_page, 0)


def image(resources: list[Resource] | bytes, base: Image | None = None) -> bytes:
    """A PE of a code section and these resources (or this section, as it stands)."""
    data = resources if isinstance(resources, bytes) else section(resources)
    sections = (Section(b".text", b"\xc3" * 0x200, CODE), Section(b".rsrc", data, RSRC))
    return build(replace(base or Image(), sections=sections, directories={2: (RVA, len(data))}))


def version(
    strings: dict[str, str],
    *,
    key: str = "040904b0",
    file_version: tuple[int, int, int, int] = (1, 2, 3, 4),
    fixed: bytes | None = None,
) -> bytes:
    """VS_VERSIONINFO with one table of strings."""
    major, minor, build_number, revision = file_version
    numbers = (major << 16 | minor, build_number << 16 | revision)
    if fixed is None:
        fixed = struct.pack("<13I", 0xFEEF_04BD, 0x10000, *numbers, *numbers, 0x3F, 0x1, 0x40004, 1, 0, 0, 0)
    rows = [block(name, value.encode("utf-16-le") + b"\0\0", text=True) for name, value in strings.items()]
    table = block(key, b"", rows, text=True)
    translation = block("Translation", struct.pack("<HH", int(key[:4], 16), int(key[4:], 16)))
    parts = [block("StringFileInfo", b"", [table], text=True), block("VarFileInfo", b"", [translation], text=True)]
    return block("VS_VERSION_INFO", fixed, parts)


def block(key: str, value: bytes, parts: list[bytes] | None = None, *, text: bool = False) -> bytes:
    """A block of version information."""
    body = bytes(6) + key.encode("utf-16-le") + b"\0\0"
    body += bytes(-len(body) % 4) + value
    for part in parts or []:
        body += bytes(-len(body) % 4) + part
    length = len(value) // 2 if text else len(value)
    return struct.pack("<HHH", len(body), length, int(text)) + body[6:]


def dib(width: int, bits: int = 32, fill: int = 0x40) -> bytes:
    """An icon's bitmap: header of 40 bytes, twice as high as it looks, pixels, mask."""
    pixels = bytes([fill]) * (width * width * bits // 8) + bytes(-(-width // 32) * 4 * width)
    return struct.pack("<IiiHHIIiiII", 40, width, 2 * width, 1, bits, 0, len(pixels), 0, 0, 0, 0) + pixels


def icon_group(icons: list[tuple[int, bytes, int]]) -> bytes:
    """A group of (width, bytes, number of the ICON resource)."""
    rows = [struct.pack("<BBBBHHIH", w % 256, w % 256, 0, 0, 1, 32, len(data), number) for w, data, number in icons]
    return struct.pack("<HHH", 0, 1, len(icons)) + b"".join(rows)


def bundle(texts: dict[int, str]) -> bytes:
    """16 texts by their index in the bundle."""
    encoded = [texts.get(index, "").encode("utf-16-le") for index in range(16)]
    return b"".join(struct.pack("<H", len(text) // 2) + text for text in encoded)


def messages(blocks: dict[int, list[str]], *, unicode: bool = True) -> bytes:
    """A message table: for each block the first number and the texts."""
    head, body = struct.pack("<I", len(blocks)), b""
    for low, texts in blocks.items():
        head += struct.pack("<III", low, low + len(texts) - 1, 4 + 12 * len(blocks) + len(body))
        for text in texts:
            raw = (text + "\r\n\0").encode("utf-16-le" if unicode else "cp1252")
            raw += bytes(-len(raw) % 4)
            body += struct.pack("<HH", 4 + len(raw), int(unicode)) + raw
    return head + body


def dialog(title: str, controls: list[tuple[int, int | str, str]], *, extended: bool = True) -> bytes:
    """A dialog in 8 point "MS Shell Dlg" of (id, class, text) controls."""
    style = 0x80C8_0048
    if extended:
        data = struct.pack("<HHIIIH4h", 1, 0xFFFF, 0, 0, style, len(controls), 0, 0, 200, 100)
    else:
        data = struct.pack("<IIH4h", style, 0, len(controls), 0, 0, 200, 100)
    data += bytes(4) + wide(title) + struct.pack("<H", 8) + (struct.pack("<HBB", 400, 0, 1) if extended else b"")
    data += wide("MS Shell Dlg")
    for number, window_class, text in controls:
        data += bytes(-len(data) % 4)
        data += struct.pack("<III4hI" if extended else "<II4hH", *([0] * (7 if extended else 6)), number)
        data += struct.pack("<HH", 0xFFFF, window_class) if isinstance(window_class, int) else wide(window_class)
        data += wide(text) + bytes(2)
    return data


def menu(items: list[tuple[int, int, str]]) -> bytes:
    """A menu of (flags, id, text) items; one with flag 0x10 has no id and opens those that follow."""
    data = bytes(4)
    for flags, number, text in items:
        data += struct.pack("<H", flags) + (b"" if flags & 0x10 else struct.pack("<H", number)) + wide(text)
    return data


def wide(text: str) -> bytes:
    return text.encode("utf-16-le") + b"\0\0"


def _target(places: dict[tuple[Key, ...], int], path: tuple[Key, ...]) -> int:
    return places[path] | (DEEPER if len(path) < LEVELS else 0)


def _order(path: tuple[Key, ...]) -> list[tuple[bool, str, int]]:
    """Names before numbers, each rising."""
    return [
        (isinstance(key, int), key if isinstance(key, str) else "", 0 if isinstance(key, str) else key) for key in path
    ]
