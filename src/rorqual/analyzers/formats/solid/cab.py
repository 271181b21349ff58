"""Microsoft cabinets: "MSCF" and the size, then folders, files, and blocks of at most 32 KiB with a checksum each.

[MS-CAB] (https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-cab). A folder is one stream whose files
are children of it. Not handled: Quantum, and files that go on in another cabinet. A signature that Authenticode
appends is counted in, where the header's reserved area leads to it.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.solid.cab_folders import BLOCK_MOST, LZX, MSZIP, Folder, read_folders
from rorqual.analyzers.formats.solid.lzx import MOST as LZX_MOST
from rorqual.analyzers.formats.solid.members import LONGEST_NAME, Table, Traps, room
from rorqual.analyzers.formats.solid.times import dos_time
from rorqual.sdk import Anchor, Anomaly, Codec, Extent, Hit, Malformed, Part, Refused, Region, Room, Said, View, frozen

HEADER = struct.Struct("<4sIIIIIBBHHHHH")
FILE = struct.Struct("<IIHHHH")
HAS_PREVIOUS, HAS_NEXT, HAS_RESERVE = 0x1, 0x2, 0x4
CONTINUED = 0xFFFD  # from here on a file's folder is that of another cabinet as well
FROM_PREVIOUS = (0xFFFD, 0xFFFF)  # its first block is in two cabinets
NAME_IS_UTF8 = 0x80
NAME_READ = 260
ROOMS_MOST = 64
METHODS = ("stored", "mszip", "quantum", "lzx")
SIGNED = b"\x00\x00\x10\x00"  # how a reserved area of 20 bytes begins that leads to a signature


class CabMember(NamedTuple):
    """A file as the table tells of it."""

    name: str
    size: int
    folder: int  # index; from 0xfffd on it goes on in another cabinet
    at: int  # bytes of the folder's stream before it
    modified: str | None  # ISO 8601, local time
    attributes: int


@frozen
class CabMembers:
    """Rows of files, 256 to a finding, which spans their entries."""

    tag: ClassVar[str] = "cab_members"
    first: int
    rows: tuple[CabMember, ...]


@frozen
class CabArchive:
    """A cabinet; the finding has the size that it tells."""

    tag: ClassVar[str] = "cab_archive"
    version: str
    files: int
    folders: int
    methods: tuple[str, ...]
    set: int
    number: int  # in the set, from 0
    previous: str | None
    next: str | None
    signed: bool  # a signature follows the cabinet
    blocks: int
    checked: int  # bytes of blocks whose checksums hold


class Cab:
    """Finds cabinets anywhere."""

    name = "cab"
    version = 1
    wakes_on = (Anchor(rb"MSCF\x00{4}[\x00-\xff]{4}\x00{4}[\x00-\xff]{4}\x00{4}[\x00-\xff]\x01"),)

    def score(self, view: View, /) -> int:
        """Whether there are folders and files, and the table of files lies in the cabinet."""
        head = view.read(0, HEADER.size)
        if len(head) < HEADER.size:
            return 0
        fields = HEADER.unpack(head)
        return int(fields[8] > 0 and fields[9] > 0 and HEADER.size < fields[4] < fields[2])

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        yield from _Cabinet(hit).said()


class _Cabinet:
    """One cabinet being read."""

    def __init__(self, hit: Hit) -> None:
        self._hit, self._view = hit, hit.view
        self._fields = HEADER.unpack(hit.view.exact(0, HEADER.size))
        self.size, self._files_at = self._fields[2], self._fields[4]
        self._spans: list[tuple[int, int]] = []  # that something fills
        self._rooms: list[tuple[int, int, str]] = []
        self._methods: set[str] = set()

    def said(self) -> Iterator[Said]:
        _, _, size, _, _, _, minor, major, folder_count, file_count, flags, number, index = self._fields
        view = self._view
        at, reserves, header_room = HEADER.size, (0, 0), b""
        if flags & HAS_RESERVE:
            length, *rest = struct.unpack("<HBB", view.exact(at, 4))
            reserves, header_room = (rest[0], rest[1]), view.exact(at + 4, length)
            self._rooms.append((at + 4, length, "extra"))
            at += 4 + length
        before, following = None, None
        if flags & HAS_PREVIOUS:
            before, at = self._two(at)
        if flags & HAS_NEXT:
            following, at = self._two(at)
        folders = read_folders(view, at, folder_count, reserves)
        at += folder_count * (8 + reserves[0])
        for place in range(at, at - folder_count * (8 + reserves[0]), -(8 + reserves[0])):
            self._rooms.append((place - reserves[0], reserves[0], "extra"))
        self._spans.append((0, at))
        members = list[CabMember]()
        end = self._files_at
        for _ in range(file_count):
            member, length = self._file(end)
            members.append(member)
            end += length
            view.step()
        self._spans.append((self._files_at, end))
        blocks = checked = 0
        sound = end <= size
        for folder in folders:
            blocks += folder.blocks
            sound &= folder.walk(view, size, checked)
            checked += folder.checked
            self._spans.append((folder.at, folder.end))
            self._methods.add(METHODS[folder.method] if folder.method < 4 else f"method {folder.method}")
            if folder.wrong is not None:
                proof = f"block of {folder.wrong[1]} bytes"
                yield self._hit.finding(*folder.wrong, Anomaly("block_checksum_wrong", proof))
        sound &= blocks > 0 or end == size
        signature = self._signature(header_room)
        body = CabArchive(
            f"{major}.{minor}",
            file_count,
            folder_count,
            tuple(sorted(self._methods)),
            number,
            index,
            before,
            following,
            signature > 0,
            blocks,
            checked,
        )
        yield self._hit.finding(0, view.within(0, size), body)
        if sound and view.within(0, size) == size:
            proof = "the tables lead to blocks that lie in the cabinet"
            proof += f"; the checksums of {checked} bytes hold" if checked else ""
            yield Extent(0, size + signature, "cab", proof, "start")
            if signature:
                yield Region(size, signature, "signature", Codec("cab-signature", None))
        yield from self._tell(members, end)
        yield from self._children(folders, members)
        yield from self._gaps(size)

    def _two(self, at: int) -> tuple[str, int]:
        """The names of a cabinet and its disk."""
        first, at = self._text(at)
        second, at = self._text(at)
        return f"{first} ({second})" if second else first, at

    def _text(self, at: int) -> tuple[str, int]:
        data, zero, _ = self._view.read(at, NAME_READ).partition(b"\0")
        if not zero:
            raise Malformed(self._hit.offset + at, f"a zero within {NAME_READ} bytes")
        return data.decode("cp437"), at + len(data) + 1

    def _file(self, at: int) -> tuple[CabMember, int]:
        data = self._view.read(at, FILE.size + NAME_READ)
        name, zero, _ = data[FILE.size :].partition(b"\0")
        if not zero or not name:
            raise Malformed(self._hit.offset + at, "a file's entry with its name")
        size, place, folder, date, time, attributes = FILE.unpack_from(data)
        shown = name.decode("utf-8" if attributes & NAME_IS_UTF8 else "cp437", "replace")[:LONGEST_NAME]
        row = CabMember(shown, size, folder, place, dos_time(date << 16 | time), attributes)
        return row, FILE.size + len(name) + 1

    def _signature(self, reserved: bytes) -> int:
        """Bytes of the signature behind the cabinet."""
        if len(reserved) != 20 or not reserved.startswith(SIGNED):
            return 0
        at, size = struct.unpack_from("<II", reserved, 4)
        if at != self.size or self._view.read(at, 1) != b"\x30":
            return 0
        return self._view.within(at, size) if self._view.within(at, size) == size else 0

    def _tell(self, members: list[CabMember], end: int) -> Iterator[Said]:
        table, traps = Table[CabMember](), Traps(self._hit)
        for member in members:
            for part in table.add(self._files_at, end - self._files_at, member):
                yield self._hit.finding(*part[:2], CabMembers(*part[2:]))
            yield from traps.name(self._files_at, end - self._files_at, member.name)
        for part in table.rest():
            yield self._hit.finding(*part[:2], CabMembers(*part[2:]))

    def _children(self, folders: list[Folder], members: list[CabMember]) -> Iterator[Said]:
        parts: dict[int, list[Part]] = {}
        for member in members:
            if member.size and member.folder < CONTINUED:
                parts.setdefault(member.folder, []).append(Part(member.at, member.size, member.name))
        folders[0].continues = any(member.folder in FROM_PREVIOUS for member in members)
        for number, folder in enumerate(folders):
            if folder.end <= folder.at:
                continue
            if folder.continues and folder.method in (MSZIP, LZX):
                yield Refused(folder.at, folder.end - folder.at, "previous cabinet", 0)
                continue
            if folder.method not in (0, MSZIP, LZX):
                yield Refused(folder.at, folder.end - folder.at, "method", 0)
                continue
            if folder.method == LZX and folder.blocks * BLOCK_MOST > LZX_MOST:
                yield Refused(folder.at, folder.end - folder.at, "lzx", LZX_MOST)
                continue
            own = sorted(parts.get(number, []), key=lambda part: part.at)
            single = own[0].name if len(own) == 1 and own[0].at == 0 else None
            kept = () if single else tuple(own)
            codec = Codec(f"cab-{METHODS[folder.method]}", folder.decode, kept)
            yield Region(folder.at, folder.end - folder.at, "cab-folder", codec, name=single)

    def _gaps(self, size: int) -> Iterator[Said]:
        at = 0
        for start, end in [*sorted(self._spans), (size, size)]:
            if start > at:
                self._rooms.append((at, start - at, "slack"))
            at = max(at, end)
        for at, length, use in self._rooms[:ROOMS_MOST]:
            yield from room(self._hit, at, length, Room("cab", use))
