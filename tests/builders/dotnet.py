"""Small managed images: a CLR header and metadata with a row or two of each table that is told."""

import struct
from dataclasses import dataclass, field

from tests.builders.pe import CODE, Image, Section, build

RVA = 0x1000  # of the section that holds all of it
HEADER = 72  # bytes of the CLR header
COM_DESCRIPTOR = 14
ATTRIBUTES = (
    ("System.Runtime.InteropServices", "GuidAttribute", "59ce18df-cacb-4360-bb80-798bd6459ca3"),
    ("System.Runtime.Versioning", "TargetFrameworkAttribute", ".NETFramework,Version=v4.7.2"),
    ("System.Reflection", "AssemblyProductAttribute", "Whale watching"),
)


@dataclass
class Heaps:
    """#Strings and #Blob under construction."""

    strings: bytearray = field(default_factory=lambda: bytearray(1))
    blobs: bytearray = field(default_factory=lambda: bytearray(1))

    def string(self, text: str) -> int:
        at = len(self.strings)
        self.strings += text.encode() + b"\0"
        return at

    def blob(self, data: bytes) -> int:
        at = len(self.blobs)
        self.blobs += bytes([len(data)]) + data
        return at


@dataclass(frozen=True)
class Managed:
    """What to build."""

    resource: bytes = b"a resource"
    streams: tuple[bytes, ...] = ()  # names of further streams, all empty
    entry: int = 0x0600_0001
    flags: int = 0x9
    key: bytes = bytes(range(160))
    patches: dict[int, bytes] = field(default_factory=dict)  # by offset in the metadata
    metadata_size: int | None = None
    resource_size: int | None = None  # as its length says


def metadata(managed: Managed) -> bytes:
    """The metadata: root, streams, heaps."""
    heaps = Heaps()
    string, blob = heaps.string, heaps.blob
    constructor = blob(b"\x20\x01\x01\x0e")
    rows: dict[int, list[bytes]] = {
        0x00: [struct.pack("<5H", 0, string("whale.exe"), 1, 0, 0)],
        0x01: [struct.pack("<3H", 1 << 2 | 2, string(name), string(space)) for space, name, _ in ATTRIBUTES],
        0x02: [
            struct.pack("<I5H", 0, string("<Module>"), 0, 0, 1, 1),
            struct.pack("<I5H", 1, string("Program"), string("Whale"), 0, 1, 1),
        ],
        0x06: [
            struct.pack("<I5H", 0, 0, 0x16, string("Main"), 0, 1),
            struct.pack("<I5H", 0, 0, 0x2016, string("Beep"), 0, 1),
        ],
        0x0A: [
            struct.pack("<3H", (index + 1) << 3 | 1, string(".ctor"), constructor) for index in range(len(ATTRIBUTES))
        ],
        0x0C: [
            struct.pack(
                "<3H", 1 << 5 | 14, (index + 1) << 3 | 3, blob(b"\1\0" + bytes([len(text)]) + text.encode() + b"\0\0")
            )
            for index, (_, _, text) in enumerate(ATTRIBUTES)
        ],
        0x1A: [struct.pack("<H", string("kernel32.dll"))],
        0x1C: [struct.pack("<4H", 0x100, 2 << 1 | 1, string("Beep"), 1)],
        0x20: [struct.pack("<I4HI3H", 0x8004, 1, 2, 3, 4, 1, blob(managed.key[:120]), string("whale"), 0)],
        0x23: [
            struct.pack("<4HI4H", 4, 0, 0, 0, 0, blob(bytes.fromhex("b77a5c561934e089")), string("mscorlib"), 0, 0),
            struct.pack("<4HI4H", 2, 1, 0, 0, 0, 0, string("Krill"), string("de"), 0),
        ],
        0x26: [struct.pack("<I2H", 1, string("more.resources"), 0)],
        0x28: [
            struct.pack("<2I2H", 0, 1, string("whale.data"), 0),
            struct.pack("<2I2H", 0, 2, string("whale.more"), 1 << 2),
            struct.pack("<2I2H", 0, 1, string("whale.krill"), 2 << 2 | 1),
        ],
    }
    valid = sum(1 << number for number in rows)
    tables = struct.pack("<IBBBBQQ", 0, 2, 0, 0, 1, valid, 0)
    tables += b"".join(struct.pack("<I", len(rows[number])) for number in sorted(rows))
    tables += b"".join(row for number in sorted(rows) for row in rows[number])
    parts = [
        (b"#~", tables),
        (b"#Strings", bytes(heaps.strings)),
        (b"#US", b"\0"),
        (b"#GUID", bytes(range(16))),
        (b"#Blob", bytes(heaps.blobs)),
        *((name, b"") for name in managed.streams),
    ]
    version = b"v4.0.30319\0\0"
    head = struct.pack("<4sHHII", b"BSJB", 1, 1, 0, len(version)) + version + struct.pack("<HH", 0, len(parts))
    directory = sum(8 + (len(name) // 4 + 1) * 4 for name, _ in parts)
    body = b""
    for name, data in parts:
        offset = len(head) + directory + len(body)
        padded = data + bytes(-len(data) % 4)
        body += padded
        parts_row = struct.pack("<II", offset, len(padded)) + name + bytes(4 - len(name) % 4)
        head += parts_row
        directory -= len(parts_row)
    patched = bytearray(head + body)
    for at, patch in managed.patches.items():
        patched[at : at + len(patch)] = patch
    return bytes(patched)


def assembly(managed: Managed | None = None, **image: object) -> bytes:
    """The image."""
    managed = managed or Managed()
    data = metadata(managed)
    resources_at = HEADER + len(data)
    size = len(managed.resource) if managed.resource_size is None else managed.resource_size
    resources = struct.pack("<I", size) + managed.resource
    header = struct.pack(
        "<IHH16I",
        *(HEADER, 2, 5),
        *(RVA + HEADER, len(data) if managed.metadata_size is None else managed.metadata_size),
        *(managed.flags, managed.entry),
        *(RVA + resources_at, len(resources)),
        *(RVA, 128),
        *(0,) * 8,
    )
    section = Section(b".text", header + data + resources, CODE)
    return build(Image(sections=(section,), directories={COM_DESCRIPTOR: (RVA, HEADER)}, **image))  # type: ignore[arg-type]  # fields of Image
