"""The database of a 7z archive: what is packed how (streams, folders, coders) and what the files are called.

DOC/7zFormat.txt. Numbers are of variable length: the ones that lead the first byte tell how many bytes follow.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rorqual.sdk import Malformed

(
    END,
    HEADER,
    PROPERTIES,
    ADDITIONAL,
    MAIN,
    FILES,
    PACK_INFO,
    UNPACK_INFO,
    SUBSTREAMS,
    SIZE,
    CRC,
    FOLDER,
    UNPACK_SIZES,
    UNPACK_COUNTS,
    EMPTY_STREAM,
    EMPTY_FILE,
    ANTI,
    NAMES,
    CREATED,
    ACCESSED,
    MODIFIED,
    ATTRIBUTES,
    COMMENT,
    ENCODED,
    START,
    DUMMY,
) = range(26)
MOST_CODERS, MOST_STREAMS = 32, 32  # of a folder, as 7-Zip has it
MOST_ITEMS = 1 << 20  # files, folders or streams


@dataclass(slots=True)
class Coder:
    """A method, and how many streams go in and out when decoding."""

    method: bytes
    inputs: int
    outputs: int
    properties: bytes


@dataclass(slots=True)
class Folder:
    """Coders that together make one stream of others."""

    coders: list[Coder]
    bonds: dict[int, int]  # number of an input: that of the output it comes from
    packed: list[int]  # numbers of the inputs that are packed streams
    sizes: list[int] = field(default_factory=list)  # of the outputs
    crc: int | None = None
    at: int = 0  # of the first packed stream, from the end of the signature header
    packs: list[int] = field(default_factory=list)  # sizes of the packed streams
    contents: list[tuple[int, int | None]] = field(default_factory=list)  # (size, CRC-32) of the files in the stream

    @property
    def main(self) -> int:
        """The output that nobody takes."""
        return next(at for at in range(len(self.sizes)) if at not in self.bonds.values())

    @property
    def size(self) -> int:
        return self.sizes[self.main]


@dataclass(slots=True)
class Streams:
    """What is packed, and how."""

    at: int = 0
    packs: list[int] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)


class Reader:
    """Reads the database's kinds of numbers."""

    def __init__(self, data: bytes, offset: int) -> None:
        self.data = data
        self.at = 0
        self._offset = offset

    def wrong(self, expected: str) -> Malformed:
        return Malformed(self._offset + self.at, expected)

    def take(self, size: int) -> bytes:
        if size < 0 or self.at + size > len(self.data):
            raise self.wrong(f"{size} bytes of the header")
        self.at += size
        return self.data[self.at - size : self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        first, mask, value = self.byte(), 0x80, 0
        for at in range(8):
            if not first & mask:
                return value | (first & (mask - 1)) << 8 * at
            value |= self.byte() << 8 * at
            mask >>= 1
        return value

    def count(self) -> int:
        value = self.number()
        if value > MOST_ITEMS:
            raise self.wrong(f"at most {MOST_ITEMS} items")
        return value

    def expect(self, kind: int) -> None:
        if self.number() != kind:
            raise self.wrong(f"property {kind}")

    def bits(self, count: int) -> list[bool]:
        data = self.take((count + 7) // 8)
        return [bool(data[at >> 3] & 0x80 >> (at & 7)) for at in range(count)]

    def some(self, count: int) -> list[bool]:
        """Which of so many are defined."""
        return [True] * count if self.byte() else self.bits(count)

    def digests(self, count: int) -> list[int | None]:
        defined = self.some(count)
        return [int.from_bytes(self.take(4), "little") if one else None for one in defined]


def read_streams(reader: Reader) -> Streams:
    """A StreamsInfo structure; its folders know where their packed streams are."""
    streams = Streams()
    kind = reader.number()
    if kind == PACK_INFO:
        _pack_info(reader, streams)
        kind = reader.number()
    if kind == UNPACK_INFO:
        _unpack_info(reader, streams)
        kind = reader.number()
    used, at = 0, streams.at
    for folder in streams.folders:
        folder.packs = streams.packs[used : used + len(folder.packed)]
        if len(folder.packs) < len(folder.packed):
            raise reader.wrong("as many packed streams as folders take")
        folder.at, used = at, used + len(folder.packs)
        at += sum(folder.packs)
    if kind == SUBSTREAMS:
        _substreams(reader, streams)
        kind = reader.number()
    else:
        for folder in streams.folders:
            folder.contents = [(folder.size, folder.crc)]
    if kind != END:
        raise reader.wrong("the end of the streams")
    return streams


def _pack_info(reader: Reader, streams: Streams) -> None:
    streams.at = reader.number()
    count = reader.count()
    while (kind := reader.number()) != END:
        if kind == SIZE:
            streams.packs = [reader.number() for _ in range(count)]
        elif kind == CRC:
            reader.digests(count)
        else:
            raise reader.wrong("sizes or digests of packed streams")


def _unpack_info(reader: Reader, streams: Streams) -> None:
    reader.expect(FOLDER)
    count = reader.count()
    if reader.byte():
        raise reader.wrong("folders in the header itself")
    streams.folders = [_folder(reader) for _ in range(count)]
    reader.expect(UNPACK_SIZES)
    for folder in streams.folders:
        folder.sizes = [reader.number() for coder in folder.coders for _ in range(coder.outputs)]
    while (kind := reader.number()) != END:
        if kind != CRC:
            raise reader.wrong("digests of folders")
        for folder, crc in zip(streams.folders, reader.digests(count), strict=True):
            folder.crc = crc


def _folder(reader: Reader) -> Folder:
    count = reader.number()
    if not 0 < count <= MOST_CODERS:
        raise reader.wrong("one to 32 coders")
    coders = []
    for _ in range(count):
        flags = reader.byte()
        method = reader.take(flags & 0xF)
        inputs, outputs = (reader.number(), reader.number()) if flags & 0x10 else (1, 1)
        if flags & 0xC0 or not 0 < inputs <= MOST_STREAMS or outputs != 1:
            raise reader.wrong("a coder of one output")
        coders.append(Coder(method, inputs, outputs, reader.take(reader.number()) if flags & 0x20 else b""))
    inputs, outputs = sum(one.inputs for one in coders), len(coders)
    bonds: dict[int, int] = {}
    for _ in range(outputs - 1):
        taker, giver = reader.number(), reader.number()
        if taker >= inputs or giver >= outputs or taker in bonds or giver in bonds.values():
            raise reader.wrong("a bond of two streams that are free")
        bonds[taker] = giver
    free = [at for at in range(inputs) if at not in bonds]
    packed = free if len(free) == 1 else [reader.number() for _ in free]
    if not packed or sorted(packed) != free:
        raise reader.wrong("packed streams for the inputs that are free")
    return Folder(coders, bonds, packed)


def _substreams(reader: Reader, streams: Streams) -> None:
    counts = [1] * len(streams.folders)
    kind = reader.number()
    if kind == UNPACK_COUNTS:
        counts = [reader.count() for _ in streams.folders]
        if sum(counts) > MOST_ITEMS:
            raise reader.wrong(f"at most {MOST_ITEMS} files")
        kind = reader.number()
    sizes: list[list[int]] = []
    for folder, count in zip(streams.folders, counts, strict=True):
        own = [reader.number() for _ in range(count - 1)] if kind == SIZE else []
        left = folder.size - sum(own)
        if left < 0 or (count > 1 and kind != SIZE):
            raise reader.wrong("files that fit into their folder")
        sizes.append([*own, left] if count else [])
    if kind == SIZE:
        kind = reader.number()
    known = [count == 1 and folder.crc is not None for folder, count in zip(streams.folders, counts, strict=True)]
    missing = sum(count for count, one in zip(counts, known, strict=True) if not one)
    digests: Iterator[int | None] = iter(())
    while kind != END:
        if kind != CRC:
            raise reader.wrong("digests of files")
        digests = iter(reader.digests(missing))
        kind = reader.number()
    for folder, own, one in zip(streams.folders, sizes, known, strict=True):
        folder.contents = [(size, folder.crc if one else next(digests, None)) for size in own]
