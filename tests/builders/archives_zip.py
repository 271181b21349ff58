"""ZIP archives whose every field can be made to lie."""

import struct
import zlib
from dataclasses import dataclass, field

DATE, TIME = 0x5A21, 0x6000  # 2025-01-01, 12:00


@dataclass
class ZipItem:
    """A member. `central` and `local` override fields of the two headers by name."""

    name: bytes
    content: bytes = b""
    method: int = 8
    flags: int = 0
    made: int = 0x031E
    external: int = 0o100644 << 16
    extra: bytes = b""
    central_extra: bytes = b""
    comment: bytes = b""
    data: bytes | None = None  # as stored
    before: bytes = b""  # what stands before the local header
    deferred: bool = False
    listed: bool = True
    central: dict[str, int | bytes] = field(default_factory=dict)
    local: dict[str, int | bytes] = field(default_factory=dict)

    def stored(self) -> bytes:
        if self.data is not None:
            return self.data
        if self.method != 8:
            return self.content
        stream = zlib.compressobj(9, zlib.DEFLATED, -15)
        return stream.compress(self.content) + stream.flush()


def zip_local(item: ZipItem) -> bytes:
    """Local header, data and descriptor."""
    data, crc = item.stored(), zlib.crc32(item.content)
    sizes = (0, 0, 0) if item.deferred else (crc, len(data), len(item.content))
    fields: dict[str, int | bytes] = {
        "needed": 20,
        "flags": item.flags | (8 if item.deferred else 0),
        "method": item.method,
        "time": TIME,
        "date": DATE,
        "crc": sizes[0],
        "packed": sizes[1],
        "size": sizes[2],
        "name": item.name,
        **item.local,
    }
    name = fields.pop("name")
    assert isinstance(name, bytes)
    head = struct.pack("<4s5H3L2H", b"PK\3\4", *fields.values(), len(name), len(item.extra))
    tail = struct.pack("<4s3L", b"PK\7\x08", crc, len(data), len(item.content)) if item.deferred else b""
    return head + name + item.extra + data + tail


def zip_central(item: ZipItem, offset: int) -> bytes:
    """The directory's entry."""
    fields: dict[str, int | bytes] = {
        "made": item.made,
        "needed": 20,
        "flags": item.flags | (8 if item.deferred else 0),
        "method": item.method,
        "time": TIME,
        "date": DATE,
        "crc": zlib.crc32(item.content),
        "packed": len(item.stored()),
        "size": len(item.content),
        "name": item.name,
        "disk": 0,
        "external": item.external,
        "offset": offset,
        **item.central,
    }
    name = fields.pop("name")
    assert isinstance(name, bytes)
    disk, external, place = fields.pop("disk"), fields.pop("external"), fields.pop("offset")
    lengths = (len(name), len(item.central_extra), len(item.comment))
    head = struct.pack("<4s6H3L5H2L", b"PK\1\2", *fields.values(), *lengths, disk, 0, external, place)
    return head + name + item.central_extra + item.comment


def zip_archive(
    *items: ZipItem,
    comment: bytes = b"",
    origin: int = 0,
    before_directory: bytes = b"",
    end: dict[str, int] | None = None,
) -> bytes:
    """The whole archive; offsets count from `origin` bytes before it."""
    body, directory, count = b"", b"", 0
    for item in items:
        body += item.before
        if item.listed:
            directory += zip_central(item, origin + len(body))
            count += 1
        body += zip_local(item)
    body += before_directory
    fields = {
        "disk": 0,
        "first": 0,
        "here": count,
        "entries": count,
        "size": len(directory),
        "offset": origin + len(body),
        "comment": len(comment),
        **(end or {}),
    }
    return body + directory + struct.pack("<4s4H2LH", b"PK\5\6", *fields.values()) + comment


def zip64(archive: bytes) -> bytes:
    """The archive with its end told by ZIP64's records alone."""
    end = archive[-22:]
    here, entries, size, offset = struct.unpack_from("<2H2L", end, 8)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, here, entries, size, offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(archive) - 22, 1)
    full = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return archive[:-22] + record + locator + full
