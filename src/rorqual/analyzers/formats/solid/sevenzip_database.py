"""What the database of a 7z archive says, turned into findings and children."""

from collections.abc import Iterator

from rorqual.analyzers.formats.solid.members import LONGEST_NAME, Table, Traps
from rorqual.analyzers.formats.solid.sevenzip_bodies import SevenZipArchive, SevenZipMember, SevenZipMembers
from rorqual.analyzers.formats.solid.sevenzip_coders import AES, COPY, Unpacking, encrypted, name_of, refusal
from rorqual.analyzers.formats.solid.sevenzip_files import File, read_files
from rorqual.analyzers.formats.solid.sevenzip_header import (
    ADDITIONAL,
    ENCODED,
    END,
    FILES,
    HEADER,
    MAIN,
    PROPERTIES,
    Folder,
    Reader,
    Streams,
    read_streams,
)
from rorqual.analyzers.formats.solid.times import file_time
from rorqual.sdk import Anomaly, Closed, Codec, Hit, Malformed, Part, Refused, Region, Room, Said

HEAD_SIZE = 32
HEADER_MOST = 16 << 20  # bytes of a database, packed and unpacked
NESTED = 4  # databases in databases
PARTS_MOST = 20_000  # members that become children of their folder
PROOF = 1 << 20  # decoded bytes that show whether a password is right
ROOMS_MOST = 64


class Database:
    """One archive's database as it is read."""

    def __init__(self, hit: Hit, version: str, start: int, end: int) -> None:
        self._hit, self._view = hit, hit.view
        self._version, self._start, self._end = version, start, end
        self._taken = [(start, end)]  # spans of the archive that something fills
        self._password: str | None = None
        self._header = "plain"

    def read(self, data: bytes) -> Iterator[Said]:
        reader = Reader(data, self._hit.offset + self._start)
        kind = reader.number()
        for _ in range(NESTED):
            if kind != ENCODED:
                break
            streams = read_streams(reader)
            if len(streams.folders) != 1:
                raise reader.wrong("one folder with the database")
            self._header = "packed" if self._header == "plain" else self._header
            folder = streams.folders[0]
            self._taken.append((HEAD_SIZE + streams.at, HEAD_SIZE + streams.at + sum(streams.packs)))
            if encrypted(folder):
                self._header = "encrypted"
            unpacked = self._unpacked(folder)
            if unpacked is None:
                yield self._archive(streams, None)
                yield from self._closed(folder)
                return
            reader = Reader(unpacked, self._hit.offset + self._start)
            kind = reader.number()
        if kind != HEADER:
            raise reader.wrong("a header")
        yield from self._whole(reader)

    def _unpacked(self, folder: Folder) -> bytes | None:
        """The database, where it can be had."""
        if refusal(folder) is not None or folder.size > HEADER_MOST:
            return None
        if encrypted(folder):
            self._password = self._opened(folder, HEADER_MOST)
            if self._password is None:
                return None
        view = self._view.sub(HEAD_SIZE + folder.at, sum(folder.packs))
        data = b"".join(Unpacking(folder, self._password)(view))
        self._view.step(len(data) // 16)
        if len(data) != folder.size:
            raise Malformed(view.offset, "the whole database")
        return data

    def _opened(self, folder: Folder, most: int) -> str | None:
        """The password that lets the beginning decode, or all where the CRC of that is known."""
        whole = folder.size <= most
        view = self._view.sub(HEAD_SIZE + folder.at, sum(folder.packs))
        for password in self._hit.passwords:
            for coder in folder.coders:
                if coder.method == AES and coder.properties:
                    self._view.step(1 << max(0, min(20, coder.properties[0] & 0x3F) - 5))
            try:
                made = 0
                for piece in Unpacking(folder, password, check=True)(view):
                    made += len(piece)
                    self._view.step(len(piece) // 16)
                    if made >= most:
                        break
            except Malformed:
                continue
            if made >= (folder.size if whole else most):
                return password
        return None

    def _closed(self, folder: Folder) -> Iterator[Said]:
        """The whole archive, whose database stays shut."""
        refused = refusal(folder)
        if not encrypted(folder) or (refused is not None and refused[0] != "method"):
            yield Refused(HEAD_SIZE, self._start - HEAD_SIZE, *(refused or ("header", HEADER_MOST)))
        elif self._start > HEAD_SIZE:
            yield Closed(HEAD_SIZE, self._start - HEAD_SIZE, "encrypted 7z archive")

    def _whole(self, reader: Reader) -> Iterator[Said]:
        streams, files, rooms = Streams(), list[File](), list[tuple[int, int, str]]()
        while (kind := reader.number()) != END:
            if kind == PROPERTIES:
                while reader.number() != END:
                    size = reader.number()
                    rooms.append((reader.at, size, "private"))
                    reader.take(size)
            elif kind == ADDITIONAL:
                read_streams(reader)
            elif kind == MAIN:
                streams = read_streams(reader)
            elif kind == FILES:
                files, rooms = read_files(reader)
            else:
                raise reader.wrong("a part of the header")
        self._view.step(len(reader.data) // 8)
        self._taken.append((HEAD_SIZE + streams.at, HEAD_SIZE + streams.at + sum(streams.packs)))
        yield from self._folders(streams, files)
        yield self._archive(streams, files)
        yield from self._members(streams, files)
        if self._header == "plain":
            if reader.at < len(reader.data):
                rooms.append((reader.at, len(reader.data) - reader.at, "slack"))
            for at, size, use in rooms[:ROOMS_MOST]:
                yield from self._room(self._start + at, size, use)
        yield from self._gaps()

    def _archive(self, streams: Streams, files: list[File] | None) -> Said:
        methods = sorted({name_of(coder) for folder in streams.folders for coder in folder.coders})
        body = SevenZipArchive(
            self._version,
            None if files is None else len(files),
            len(streams.folders),
            tuple(methods[:32]),
            any(len(folder.contents) > 1 for folder in streams.folders),
            self._header,
            any(encrypted(folder) for folder in streams.folders),
            self._password,
            sum(folder.size for folder in streams.folders) if files is not None else 0,
        )
        return self._hit.finding(0, self._end, body)

    def _members(self, streams: Streams, files: list[File]) -> Iterator[Said]:
        table, traps = Table[SevenZipMember](), Traps(self._hit)
        contents = (one for folder in streams.folders for one in folder.contents)
        at, size = self._start, self._end - self._start
        for file in files:
            length, crc = next(contents, (0, None)) if file.has_stream else (0, None)
            kind = "anti" if file.anti else "file" if file.has_stream or file.empty_file else "directory"
            row = SevenZipMember(file.name[:LONGEST_NAME], length, file_time(file.modified), crc, file.attributes, kind)
            for part in table.add(at, size, row):
                yield self._hit.finding(*part[:2], SevenZipMembers(*part[2:]))
            yield from traps.name(at, size, file.name)
        for part in table.rest():
            yield self._hit.finding(*part[:2], SevenZipMembers(*part[2:]))

    def _folders(self, streams: Streams, files: list[File]) -> Iterator[Said]:
        names = (file.name[:LONGEST_NAME] for file in files if file.has_stream)
        told = 0
        for folder in streams.folders:
            parts, at = [], 0
            for length, _ in folder.contents:
                parts.append(Part(at, length, next(names, None)))
                at += length
            parts = [one for one in parts if one.size]
            self._view.step(len(parts))
            place, size = HEAD_SIZE + folder.at, sum(folder.packs)
            if not size or not parts:
                continue
            if place + size > self._end:
                yield self._hit.finding(0, HEAD_SIZE, Anomaly("stream_outside", f"packed stream to {place + size:#x}"))
                size = self._view.within(place, size)
                if not size:
                    continue
            if (limit := refusal(folder)) is not None:
                if limit[0] == "method" and encrypted(folder):
                    yield Closed(place, size, "encrypted 7z folder")
                else:
                    yield Refused(place, size, *limit)
                continue
            password = self._password
            if encrypted(folder) and password is None:
                password = self._password = self._opened(folder, PROOF)
                if password is None:
                    yield Closed(place, size, "encrypted 7z folder")
                    continue
            if [coder.method for coder in folder.coders] == [COPY]:
                for part in parts:
                    if self._view.holds(place + part.at):
                        yield Region(place + part.at, part.size, "7z-member", Codec("7z-stored", None), name=part.name)
                continue
            told += len(parts)
            kept = tuple(parts) if len(parts) > 1 and told <= PARTS_MOST else ()
            name = parts[0].name if len(parts) == 1 else None
            yield Region(place, size, "7z-folder", Codec("7z", Unpacking(folder, password), kept), name=name)

    def _gaps(self) -> Iterator[Said]:
        at = HEAD_SIZE
        for start, end in sorted(self._taken):
            if start > at:
                yield from self._room(at, start - at, "slack")
            elif start < at and end > start:
                proof = f"{start:#x} to {end:#x}, where another ends at {at:#x}"
                yield self._hit.finding(start, end - start, Anomaly("streams_overlap", proof))
            at = max(at, end)

    def _room(self, at: int, size: int, use: str) -> Iterator[Said]:
        size = self._view.within(at, min(size, self._end - at)) if size >= 8 else 0
        if size >= 8 and self._view.read(at, 4096).strip(b"\0"):
            yield self._hit.finding(at, size, Room("7z", use))
