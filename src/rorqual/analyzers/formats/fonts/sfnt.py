"""Tables of TrueType and OpenType fonts (OpenType 1.9, "Organization of an OpenType Font"): a directory of tags,
checksums, places and lengths; big-endian."""

from typing import NamedTuple

from rorqual.analyzers.formats.images.walking import latin
from rorqual.sdk import Malformed, View, frozen

HEADER, ENTRY = 12, 16
VERSIONS = {b"\0\1\0\0": "ttf", b"true": "ttf", b"typ1": "ttf", b"OTTO": "otf"}
MOST = 512  # tables
CHECKED = 1 << 20  # bytes of one font whose checksums are computed
HEAD_MAGIC = b"\x5f\x0f\x3c\xf5"
HEADS = (b"head", b"bhed")
KNOWN = frozenset(
    b"head hhea maxp OS/2 hmtx LTSH VDMX hdmx cmap fpgm prep loca glyf kern name post gasp PCLT DSIG JSTF "
    b"BASE GDEF GPOS GSUB MATH CFF2 VORG EBDT EBLC EBSC CBDT CBLC sbix COLR CPAL avar fvar gvar HVAR MVAR "
    b"STAT VVAR vhea vmtx cvar MERG bdat bhed bloc acnt ankr bsln fdsc feat fmtx fond just kerx lcar ltag "
    b"meta mort morx opbd prop trak xref Zapf Silf Glat Gloc Feat Sill TSI0 TSI1 TSI2 TSI3 TSI5 TSIV TSIB "
    b"TSIC TSID TSIJ TSIP TSIS FFTM PfEd ttfa DERG Debg gcid hsty VARC IFTX".split()
) | {b"cvt ", b"CFF ", b"SVG ", b"TeX ", b"BDF ", b"IFT "}
FAMILY, STYLE, FULL, VERSION, MAKER = 1, 2, 4, 5, 8


class Table(NamedTuple):
    """One entry of a directory."""

    tag: bytes
    checksum: int
    at: int
    size: int


@frozen
class Facts:
    """What the tables tell of a font."""

    family: str | None
    style: str | None
    version: str | None
    maker: str | None
    glyphs: int
    embedding: int | None  # fsType of OS/2: 0 installable, 2 restricted, 4 preview and print, 8 editable


def directory(view: View, at: int) -> list[Table]:
    """The tables of the font whose header is at `at`; their places count from the view's start.

    Raises:
        Malformed: the entries are not those of a directory.
    """
    head = view.exact(at, HEADER)
    count = int.from_bytes(head[4:6], "big")
    if head[:4] not in VERSIONS or not 0 < count <= MOST:
        raise Malformed(view.offset + at, f"a version, and 1 to {MOST} tables")
    data, tables, tags = view.exact(at + HEADER, ENTRY * count), [], set()
    for start in range(0, len(data), ENTRY):
        view.step()
        tag = data[start : start + 4]
        numbers = [int.from_bytes(data[place : place + 4], "big") for place in range(start + 4, start + 16, 4)]
        if not all(0x20 <= one < 0x7F for one in tag) or tag in tags:
            raise Malformed(view.offset + at + HEADER + start, "a tag that stands once")
        tags.add(tag)
        tables.append(Table(tag, *numbers))
    return tables


def has_head(view: View, tables: list[Table]) -> bool:
    """Whether the table that all fonts have is where the directory says it is."""
    return any(one.tag in HEADS and one.size >= 54 and view.read(one.at + 12, 4) == HEAD_MAGIC for one in tables)


def checksums(view: View, tables: list[Table]) -> tuple[int, list[Table]]:
    """(how many checksums hold, the tables whose do not), of the tables that fit the ceiling."""
    left, sound, broken = CHECKED, 0, []
    for one in tables:
        if one.size > left:
            continue
        left -= one.size
        view.step(one.size // 64 + 1)
        data = view.read(one.at, one.size)
        if one.tag in HEADS:  # the adjustment counts as zero
            data = data[:8] + bytes(4) + data[12:]
        data += bytes(-len(data) % 4)
        # The sum of big-endian words is that of their bytes by place.
        total = sum(sum(data[place::4]) << 8 * (3 - place) for place in range(4)) & 0xFFFFFFFF
        if total == one.checksum:
            sound += 1
        else:
            broken.append(one)
    return sound, broken


def facts(view: View, tables: list[Table]) -> Facts:
    """What "name", "maxp" and "OS/2" tell."""
    by_tag = {one.tag: one for one in tables}
    names = _names(view, by_tag[b"name"]) if b"name" in by_tag else {}
    glyphs = view.read(by_tag[b"maxp"].at + 4, 2) if b"maxp" in by_tag else b""
    rights = view.read(by_tag[b"OS/2"].at + 8, 2) if b"OS/2" in by_tag else b""
    return Facts(
        names.get(FAMILY),
        names.get(STYLE),
        names.get(VERSION),
        names.get(MAKER),
        int.from_bytes(glyphs, "big"),
        int.from_bytes(rights, "big") if len(rights) == 2 else None,
    )


def _names(view: View, table: Table) -> dict[int, str]:
    """The first text under each number, in the Macintosh or the Windows encoding."""
    head = view.read(table.at, 6)
    count, storage = min(int.from_bytes(head[2:4], "big"), 256), int.from_bytes(head[4:6], "big")
    data = view.read(table.at + 6, 12 * count)
    names: dict[int, str] = {}
    for start in range(0, len(data) - 11, 12):
        platform, _, _, number, size, at = (
            int.from_bytes(data[place : place + 2], "big") for place in range(start, start + 12, 2)
        )
        if number in (FAMILY, STYLE, VERSION, MAKER) and number not in names:
            text = view.read(table.at + storage + at, min(size, 400))
            if platform in (0, 3):
                text = text.decode("utf-16-be", "replace").encode("latin-1", "replace")
            if latin(text):
                names[number] = latin(text)
    return names
