"""Advanced Systems Format (Windows Media): objects of a GUID, a size of 64 bits and data, little-endian.

Microsoft, ASF Specification, revision 01.20.05. Data packets and codecs are not handled.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

from rorqual.analyzers.cavity import room
from rorqual.sdk import Anchor, Anomaly, Closed, Extent, Finding, Hit, Malformed, Said, View, frozen

OBJECT = 24  # bytes of GUID and size
HEADER = 30
MOST = 4096  # objects
ENDLESS = 1 << 60
DATA = "75b22636-668e-11cf-a6d9-00aa0062ce6c"
INDEXES = {
    "33000890-e5b1-11cf-89f4-00a0c90349cb",
    "d6e229d3-35da-11d1-9034-00a0c90349be",
    "feb103f8-12ad-4c64-840f-2a1d2f7ad48c",
    "3cb73fd0-0c4a-4803-953d-edf7b6228f0c",
}
FILE = "8cabdca1-a947-11cf-8ee4-00c00c205365"
STREAM = "b7dc0791-a9b7-11cf-8ee6-00c00c205365"
PADDING = "1806d474-cadf-4509-a4ba-9aabcb96aae8"
METADATA = {
    "75b22633-668e-11cf-a6d9-00aa0062ce6c",  # content description
    "d2d0a440-e307-11d2-97f0-00a0c95ea850",  # extended content description
    "2211b3fa-bd23-11d2-b4b7-00a0c955fc6e",  # branding
}
ENCRYPTED = {
    "2211b3fb-bd23-11d2-b4b7-00a0c955fc6e",
    "298ae614-2622-4c17-b935-dae07ee9289c",
}
PLAIN = {
    *(FILE, STREAM, *ENCRYPTED),
    "5fbf03b5-a92e-11cf-8ee3-00c00c205365",  # header extension
    "86d15240-311d-11d0-a3a4-00a0c90348f6",  # codec list
    "1efb1a30-0b62-11d0-a39b-00a0c90348f6",  # script command
    "f487cd01-a951-11cf-8ee6-00c00c205365",  # marker
    "d6e229dc-35da-11d1-9034-00a0c90349be",  # bitrate mutual exclusion
    "75b22635-668e-11cf-a6d9-00aa0062ce6c",  # error correction
    "7bf875ce-468d-11d1-8d82-006097c9a2b2",  # stream bitrate properties
    "2211b3fc-bd23-11d2-b4b7-00a0c955fc6e",  # digital signature
}
KINDS = {
    "f8699e40-5b4d-11cf-a8fd-00805f5c442b": "audio",
    "bc19efc0-5b4d-11cf-a8fd-00805f5c442b": "video",
    "59dacfc0-59e6-11d0-a3ac-00a0c90348f6": "command",
}


@frozen
class ASFFile:
    """A file; the finding spans what is there of it."""

    tag: ClassVar[str] = "asf_file"
    declared: int  # bytes, by the file properties; 0: left open
    created: int | None  # 100 ns since 1601, UTC
    seconds: float | None
    packets: int
    streams: tuple[str, ...]
    encrypted: bool


class ASF:
    """Finds files anywhere."""

    name = "asf"
    version = 1
    wakes_on = (Anchor(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"),)

    def score(self, view: View, /) -> int:
        """The reserved bytes of a header object."""
        return int(view.read(28, 2) == b"\1\2")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        size, count = struct.unpack("<QI", head[16:28])
        objects = list(_objects(view, HEADER, size, min(count, MOST)))
        if not any(name == FILE for name, *_ in objects):
            raise Malformed(view.offset + HEADER, "file properties")
        data = _object(view, size)
        streams, encrypted = [], False
        properties = (0, 0, 0, 0, 0)
        for name, at, _ in objects:
            if name == FILE:
                properties = struct.unpack("<QQQQQ", view.exact(at + 40, 40))
            elif name == STREAM:
                streams.append(KINDS.get(_guid(view.read(at + 24, 16)), "other"))
            encrypted = encrypted or name in ENCRYPTED
        declared, created, packets, duration, _ = properties
        end, whole = size, False
        if data is not None and data[0] == DATA:
            length = data[2] or view.within(size, ENDLESS)
            whole = view.within(size, length) == length
            end = size + length
        while whole and (index := _object(view, end)) is not None and index[0] in INDEXES:
            if index[2] < OBJECT or view.within(end, index[2]) < index[2]:
                break
            end += index[2]
        seconds = round(duration / 1e7, 3) if duration else None
        body = ASFFile(declared, created or None, seconds, packets, tuple(streams[:16]), encrypted)
        yield hit.finding(0, view.within(0, end), body)
        if encrypted and end > size:
            yield Closed(size, end - size, "encrypted content (DRM)")
        if not whole:
            return
        if declared and declared != end:
            yield hit.finding(0, HEADER, Anomaly("file_size_wrong", f"{declared} bytes declared, objects to {end}"))
        yield Extent(0, end, "asf", "objects follow each other to the end")
        yield from _rooms(hit, objects, size)


def _rooms(hit: Hit, objects: list[tuple[str, int, int]], size: int) -> Iterator[Finding]:
    end = HEADER
    for name, at, length in objects:
        end = at + length
        if name == PADDING:
            yield from room(hit, at + OBJECT, length - OBJECT, "asf", "unused")
        elif name in METADATA:
            yield from room(hit, at + OBJECT, length - OBJECT, "asf", "metadata")
        elif name not in PLAIN:
            yield from room(hit, at + OBJECT, length - OBJECT, "asf", "private")
    yield from room(hit, end, size - end, "asf", "slack")


def _guid(data: bytes) -> str:
    return str(UUID(bytes_le=data)) if len(data) == 16 else ""


def _object(view: View, at: int) -> tuple[str, int, int] | None:
    """(GUID, place, size) of the object at `at`."""
    head = view.read(at, OBJECT)
    return (_guid(head[:16]), at, int.from_bytes(head[16:], "little")) if len(head) == OBJECT else None


def _objects(view: View, at: int, end: int, count: int) -> Iterator[tuple[str, int, int]]:
    for _ in range(count):
        view.step()
        found = _object(view, at)
        if found is None or found[2] < OBJECT or at + found[2] > end:
            return
        yield found
        at += found[2]
