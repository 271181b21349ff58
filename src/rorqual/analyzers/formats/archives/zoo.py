"""Zoo archives: a text, a tag that all headers begin with, then a chain of entries that point to their data.

The header's two numbers add up to zero; the entry that points nowhere ends the chain. Members may be marked deleted.
The format is described by the source of zoo 2.1 (zoo.h), https://www.ibiblio.org/pub/Linux/utils/compress/. Members are
decoded where they are stored or packed as LHA's "-lh5-"; Zoo's own LZW is not.
"""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.archives.lha.headers import crc16
from rorqual.analyzers.formats.archives.lha.huffman import unhuffed
from rorqual.analyzers.formats.archives.notes import Notes, climbs
from rorqual.analyzers.formats.archives.zip.records import moment, text
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Refused, Region, Said, View, frozen

TAG, TAG_AT = b"\xdc\xa7\xc4\xfd", 20
HEADER, ENTRY, LONG = 34, 51, 56  # bytes: of the header, of an entry, of one that has fields of varying length behind
MEMBERS = 10_000
NAME_SHOWN = 512
METHODS = {0: "stored", 1: "lzw", 2: "lzh"}
SLOW = 16 << 20
READ = 64 << 10


class ZooMember(NamedTuple):
    """A member."""

    offset: int  # of its entry in the source
    name: str
    method: str
    packed: int  # bytes
    size: int  # bytes, decoded
    crc16: int
    modified: str | None  # local time of the writer
    deleted: bool


@frozen
class ZooMembers:
    """Rows; the finding spans their entries."""

    tag: ClassVar[str] = "zoo_members"
    first: int  # index of the first row
    rows: tuple[ZooMember, ...]


@frozen
class ZooArchive:
    """An archive, which the finding spans to the entry that ends it."""

    tag: ClassVar[str] = "zoo_archive"
    title: str
    members: int
    deleted: int
    size: int  # bytes of all members, decoded
    comment: str | None


class Zoo:
    """Finds Zoo archives anywhere."""

    name = "zoo"
    version = 1
    wakes_on = (Anchor(rb"\xdc\xa7\xc4\xfd[\x00-\xff]{3}\x00", back=TAG_AT),)

    def score(self, view: View, /) -> int:
        """The two numbers must add up to zero."""
        head = view.read(0, HEADER)
        start, minus = head[24:28], head[28:32]
        return 1 if len(head) == HEADER and (_number(start) + _number(minus)) & 0xFFFFFFFF == 0 else 0

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, notes = hit.view, Notes(hit, "zoo")
        head = view.exact(0, 42)
        at = _number(head[24:28])
        if at < HEADER or view.read(at, 4) != TAG:
            raise Malformed(hit.offset + 24, "where the first entry is")
        rows: Rows[ZooMember] = Rows()
        members = deleted = size = 0
        last = before = 0
        whole = True
        while True:
            view.step()
            raw = view.read(at, LONG)
            if len(raw) < ENTRY or raw[:4] != TAG or at <= last or members > MEMBERS:
                whole = False
                break
            last, following = at, _number(raw[6:10])
            if not following:
                break
            row, place = _row(hit, raw, at, view)
            for told in rows.add(at, ENTRY, (row,)):
                yield hit.finding(told[0], told[1], ZooMembers(told[2], told[3]))
            yield from _content(hit, row, place, notes, twin=place == before)
            before = place + row.packed
            members, deleted, size = members + 1, deleted + row.deleted, size + row.size
            at = following
        for told in rows.rest():
            yield hit.finding(told[0], told[1], ZooMembers(told[2], told[3]))
        if not members:
            raise Malformed(hit.offset + at, "an entry")
        size_of_last = LONG + int.from_bytes(raw[51:53], "little") if whole and raw[4] == 2 else ENTRY
        end = last + view.within(last, size_of_last)
        comment = None
        note, noted = _number(head[35:39]), int.from_bytes(head[39:41], "little")
        if note >= HEADER and noted and note + noted <= end:
            content = view.read(note, noted)
            comment = text(content, 0, 1024)
            yield from notes.room(hit.offset + note, content, "comment")
        title = text(head[:TAG_AT].partition(b"\x1a")[0].rstrip(b"\0"), 0, TAG_AT)
        yield hit.finding(0, end, ZooArchive(title, members, deleted, size, comment))
        if whole:
            yield Extent(0, end, "zoo", f"a chain of {members} entries to its end", "start")


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


def _row(hit: Hit, raw: bytes, at: int, view: View) -> tuple[ZooMember, int]:
    """The member's line, and where its data are."""
    name = raw[38:51].partition(b"\0")[0]
    if raw[4] == 2 and len(raw) == LONG:
        behind = view.read(at + LONG, min(_number(raw[51:53]), 512))
        if len(behind) >= 2:
            long, folder = behind[0], behind[1]
            name = behind[2 : 2 + long].rstrip(b"\0") or name
            path = behind[2 + long : 2 + long + folder].rstrip(b"\0")
            name = path + b"/" + name if path else name
    method = METHODS.get(raw[5]) or f"method {raw[5]}"
    modified = moment(_number(raw[14:16]), _number(raw[16:18]))
    row = ZooMember(
        hit.offset + at,
        text(name, 0, NAME_SHOWN),
        method,
        _number(raw[24:28]),
        _number(raw[20:24]),
        _number(raw[18:20]),
        modified,
        raw[30] == 1,
    )
    return row, _number(raw[10:14])


def _content(hit: Hit, row: ZooMember, at: int, notes: Notes, *, twin: bool) -> Iterator[Said]:
    """The member as a child; one marked deleted is room as well, since readers pass over it.

    `twin`: it begins where the one before ended, and is no part of it.
    """
    if climbs(row.name.encode()):
        yield from notes.anomaly(row.offset, ENTRY, "path_traversal", row.name)
    there = hit.view.within(at, row.packed) if row.packed else 0
    if not there or at < HEADER:
        return
    if row.deleted:
        yield from notes.room(hit.offset + at, hit.view.read(at, min(there, 4096)), "unused", there)
    if row.method == "stored":
        yield Region(at, there, "zoo-member", Codec("zoo-stored", None), name=row.name)
    elif row.method != "lzh":
        yield Refused(at, there, "method", 0)
    elif row.size > SLOW:
        yield Refused(at, there, "slow", SLOW)
    elif row.size:
        name = "zoo-lzh-again" if twin else "zoo-lzh"
        yield Region(at, there, "zoo-member", Codec(name, partial(decode, member=row)), name=row.name)


def decode(view: View, *, member: ZooMember) -> Iterator[bytes]:
    """The content of a member packed as "-lh5-"; the view begins with its data.

    Raises:
        Malformed: the stream breaks, or it is not what its CRC-16 says.
    """
    end = view.offset + member.packed
    crc = 0
    pieces = (view.read(at, min(READ, member.packed - at)) for at in range(0, member.packed, READ))
    for piece in unhuffed(pieces, end, size=member.size, method=b"-lh5-"):
        crc = crc16(piece, crc)
        yield piece
    if crc != member.crc16:
        raise Malformed(end, f"content with the CRC-16 {member.crc16:#06x}, found {crc:#06x}")
