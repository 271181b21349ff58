"""What an ISO 9660 volume is made of: descriptors, directory records, Rock Ridge fields, boot catalogs.

ECMA-119 (4th edition), https://ecma-international.org/publications-and-standards/standards/ecma-119/; SUSP and RRIP
1.12 (IEEE P1281 and P1282); El Torito 1.0.
"""

from collections.abc import Iterator

from rorqual.sdk import View, frozen

SECTOR = 2048  # bytes: descriptors stand on these whatever the block size
FIRST_DESCRIPTOR = 16  # sector; what is before is the system area
DESCRIPTORS = 32  # sectors looked at
BOOT, PRIMARY, SUPPLEMENTARY, TERMINATOR = 0, 1, 2, 255
JOLIET = (b"%/@", b"%/C", b"%/E")
UDF = (b"NSR02", b"NSR03")
DIRECTORY, ASSOCIATED, MULTI = 0x02, 0x04, 0x80  # flags of a record (9.1.6)
RECORD = 34  # bytes, with a name of one
LONGEST_NAME = 255  # characters
CONTINUATIONS = 8  # areas that one record's system use goes on in
VIRTUAL = 512  # bytes of a boot image's sector
FLOPPIES = {1: 1_228_800, 2: 1_474_560, 3: 2_949_120}  # bytes, by emulation
MEDIA = {0: "no emulation", 1: "1.2 MB floppy", 2: "1.44 MB floppy", 3: "2.88 MB floppy", 4: "hard disk"}


@frozen
class Record:
    """A directory record. Places in blocks, sizes in bytes."""

    block: int  # of the extent, past its extended attributes
    size: int
    flags: int
    name: bytes
    modified: str | None
    use: bytes  # the system use field
    contradicts: bool  # little- and big-endian values differ

    @property
    def is_directory(self) -> bool:
        return bool(self.flags & DIRECTORY)


@frozen
class Rock:
    """What Rock Ridge says of a record."""

    name: str | None = None
    link: str | None = None
    there: bool = False
    areas: tuple[tuple[int, int], ...] = ()  # continuation areas: (byte place, size)


@frozen
class BootImage:
    """An entry of a boot catalog; `size` in bytes."""

    block: int
    size: int
    media: str
    platform: int
    bootable: bool


def record(data: bytes) -> Record | None:
    """The record at the start of the bytes (9.1)."""
    if len(data) < RECORD or not RECORD <= data[0] <= len(data) or not 0 < data[32] <= data[0] - 33:
        return None
    named = 33 + data[32]
    little = int.from_bytes(data[2:6], "little"), int.from_bytes(data[10:14], "little")
    big = int.from_bytes(data[6:10], "big"), int.from_bytes(data[14:18], "big")
    use = data[named + (1 - data[32] % 2) : data[0]]
    return Record(
        little[0] + data[1], little[1], data[25], data[33:named], _short_date(data[18:25]), use, little != big
    )


def records(data: bytes) -> Iterator[tuple[int, Record]]:
    """(place, record) of a directory's sectors; none crosses a sector."""
    at = 0
    while at < len(data):
        if not data[at]:
            at = (at // SECTOR + 1) * SECTOR
            continue
        found = record(data[at : at + data[at]])
        if found is None:
            return
        yield at, found
        at += data[at]


def plain_name(name: bytes, joliet: bool) -> str:
    """A file identifier without version number and empty extension."""
    text = name.decode("utf-16-be" if joliet else "latin-1", "replace")
    text = text.rpartition(";")[0] or text
    return (text.removesuffix(".") or text)[:LONGEST_NAME]


def rock(view: View, use: bytes, block_size: int, skip: int) -> Rock:
    """The Rock Ridge fields of a system use area and the areas it goes on in."""
    name: list[str] = []
    links: list[str] = []
    there, areas, after = False, [], use[skip:]
    for _ in range(CONTINUATIONS):
        area, after = after, b""
        at = 0
        while at + 4 <= len(area) and 4 <= area[at + 2] <= len(area) - at:
            sign, data = area[at : at + 2], area[at + 4 : at + area[at + 2]]
            at += area[at + 2]
            if sign == b"ST":
                break
            there = there or sign in (b"RR", b"PX", b"NM", b"SL", b"TF")
            if sign == b"NM" and data and not data[0] & 6:
                name.append(data[1:].decode("utf-8", "replace"))
            elif sign == b"SL":
                links += _components(data[1:])
            elif sign == b"CE" and len(data) >= 24:
                block, place, size = (int.from_bytes(data[here : here + 4], "little") for here in (0, 8, 16))
                size = min(size, SECTOR)
                areas.append((block * block_size + place, size))
                after = view.read(block * block_size + place, size)
        if not after:
            break
    return Rock("".join(name)[:LONGEST_NAME] or None, "/".join(links) or None, there, tuple(areas))


def _components(data: bytes) -> Iterator[str]:
    """The parts of a symbolic link's target."""
    at = 0
    while at + 2 <= len(data):
        flags, size = data[at], data[at + 1]
        special = {2: ".", 4: "..", 8: ""}.get(flags & 14)
        yield data[at + 2 : at + 2 + size].decode("utf-8", "replace") if special is None else special
        at += 2 + size


def _short_date(data: bytes) -> str | None:
    """7 bytes (9.1.5) in ISO 8601, without the zone, which is told in quarters of an hour."""
    if not 1 <= data[1] <= 12 or not 1 <= data[2] <= 31 or data[3] > 23:
        return None
    return f"{1900 + data[0]:04}-{data[1]:02}-{data[2]:02}T{data[3]:02}:{data[4] % 60:02}:{data[5] % 60:02}"


def long_date(data: bytes) -> str | None:
    """17 bytes of digits (8.4.26.1) in ISO 8601."""
    digits = data[:14].decode("latin-1")
    if not digits.isdigit() or not digits.strip("0"):
        return None
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}"


def boot_images(view: View, at: int) -> Iterator[BootImage]:
    """The images of the boot catalog at `at`, where its validation entry's sum holds."""
    data = view.read(at, SECTOR)
    words = sum(int.from_bytes(data[place : place + 2], "little") for place in range(0, 32, 2))
    if len(data) < 64 or data[0] != 1 or data[30:32] != b"\x55\xaa" or words & 0xFFFF:
        return
    platform, place = data[1], 32
    while place + 32 <= len(data):
        entry = data[place : place + 32]
        place += 32
        if entry[0] in (0x90, 0x91):
            platform = entry[1]
        elif entry[0] in (0, 0x88):
            media, sectors = entry[1] & 15, int.from_bytes(entry[6:8], "little")
            block = int.from_bytes(entry[8:12], "little")
            if block and media in MEDIA:
                size = FLOPPIES.get(media, sectors * VIRTUAL)
                yield BootImage(block, size, MEDIA[media], platform, entry[0] == 0x88)
