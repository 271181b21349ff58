"""File records of NTFS: attributes, resident or in runs of clusters. https://flatcap.github.io/linux-ntfs/ntfs/."""

from collections.abc import Iterator

from rorqual.analyzers.formats.disks.pieces import MOST, Run
from rorqual.sdk import frozen

FILE_NAME, DATA, END = 0x30, 0x80, 0xFFFFFFFF
USED, DIRECTORY = 1, 2  # flags of a record
COMPRESSED, ENCRYPTED = 0x00FF, 0x4000  # flags of an attribute
SECTOR = 512  # bytes that a fixup protects
DOS = 2  # namespace of short names


@frozen
class Attribute:
    """An attribute; `value` where it is resident, at `at` of the record, else `runs` in clusters from `first` on."""

    type: int
    name: str
    flags: int
    value: bytes | None
    at: int
    first: int  # cluster of the stream
    runs: tuple[tuple[int | None, int], ...]  # cluster of the volume (None: a hole), clusters
    size: int  # bytes of the stream

    def places(self, cluster: int) -> list[Run]:
        """The runs in bytes."""
        return [(None if at is None else at * cluster, count * cluster) for at, count in self.runs]


def fixed(record: bytes) -> bytes | None:
    """The record with its fixups undone; None where they do not hold."""
    place, count = int.from_bytes(record[4:6], "little"), int.from_bytes(record[6:8], "little")
    if record[:4] != b"FILE" or count != len(record) // SECTOR + 1 or place + 2 * count > SECTOR:
        return None
    out = bytearray(record)
    number = record[place : place + 2]
    for sector in range(1, count):
        end = sector * SECTOR
        if record[end - 2 : end] != number:
            return None
        out[end - 2 : end] = record[place + 2 * sector : place + 2 * sector + 2]
    return bytes(out)


def attributes(record: bytes) -> Iterator[Attribute]:
    """The attributes of a record whose fixups are undone."""
    at = int.from_bytes(record[20:22], "little")
    for _ in range(64):
        kind, length = (int.from_bytes(record[at + more : at + more + 4], "little") for more in (0, 4))
        if kind == END or length < 24 or length % 8 or at + length > len(record):
            return
        raw = record[at : at + length]
        flags = int.from_bytes(raw[12:14], "little")
        place = int.from_bytes(raw[10:12], "little")
        name = raw[place : place + 2 * raw[9]].decode("utf-16-le", "replace")
        if raw[8]:
            start = int.from_bytes(raw[32:34], "little")
            size = int.from_bytes(raw[48:56], "little")
            first = int.from_bytes(raw[16:24], "little")
            yield Attribute(kind, name, flags, None, at, first, tuple(_runs(raw[start:])), size)
        else:
            size, start = int.from_bytes(raw[16:20], "little"), int.from_bytes(raw[20:22], "little")
            yield Attribute(kind, name, flags, raw[start : start + size], at + start, 0, (), size)
        at += length


def _runs(data: bytes) -> Iterator[tuple[int | None, int]]:
    """Pairs of a length and a signed step from the last place, each as wide as a byte before them says."""
    at, cluster = 0, 0
    for _ in range(MOST):
        if at >= len(data) or not data[at]:
            return
        wide, far = data[at] & 15, data[at] >> 4
        count = int.from_bytes(data[at + 1 : at + 1 + wide], "little")
        step = int.from_bytes(data[at + 1 + wide : at + 1 + wide + far], "little", signed=True)
        at += 1 + wide + far
        if not 0 < count < 1 << 40:
            return
        cluster += step
        if far and cluster < 0:
            return
        yield (cluster if far else None), count
