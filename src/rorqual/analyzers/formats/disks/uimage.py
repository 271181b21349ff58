"""U-Boot images: a header of 64 bytes with a CRC-32 of itself and one of the data behind it.

U-Boot's include/image.h. The new kind, a device tree, is told by another probe; multi-file images are one child.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.sdk import Anchor, Anomaly, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

HEADER = 64
CHECKED = 16 << 20  # bytes of data whose CRC-32 is checked
READ = 256 << 10
SYSTEMS = {0: "invalid", 1: "OpenBSD", 2: "NetBSD", 3: "FreeBSD", 5: "Linux", 14: "VxWorks", 17: "U-Boot", 22: "RTEMS"}
CPUS = {
    2: "ARM",
    3: "x86",
    5: "MIPS",
    6: "MIPS64",
    7: "PowerPC",
    15: "Nios II",
    22: "ARM64",
    24: "x86-64",
    26: "RISC-V",
}
TYPES = {1: "standalone", 2: "kernel", 3: "ramdisk", 4: "multi-file", 5: "firmware", 6: "script", 7: "file system"}
METHODS = {0: "none", 1: "gzip", 2: "bzip2", 3: "LZMA", 4: "LZO", 5: "LZ4", 6: "Zstandard"}


@frozen
class UImage:
    """An image; the finding has its size."""

    tag: ClassVar[str] = "uimage"
    name: str
    created: int  # seconds since 1970
    size: int  # bytes of data
    load: int  # addresses
    entry: int
    system: str
    cpu: str
    type: str
    compression: str


class UImageProbe:
    """Finds images anywhere."""

    name = "uimage"
    version = 1
    wakes_on = (Anchor(rb"\x27\x05\x19\x56"),)

    def score(self, view: View, /) -> int:
        """The header's CRC-32."""
        head = view.read(0, HEADER)
        return int(len(head) == HEADER and _crc(head) == int.from_bytes(head[4:8], "big"))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        stored, created, size, load, entry, data, system, cpu, kind, method = struct.unpack_from(">IIIIII4B", head, 4)
        if _crc(head) != stored:
            raise Malformed(view.offset + 4, "the header's CRC-32")
        body = UImage(
            name=head[32:].split(b"\0")[0].decode("latin-1"),
            created=created,
            size=size,
            load=load,
            entry=entry,
            system=SYSTEMS.get(system, f"system {system}"),
            cpu=CPUS.get(cpu, f"cpu {cpu}"),
            type=TYPES.get(kind, f"type {kind}"),
            compression=METHODS.get(method, f"method {method}"),
        )
        present = view.within(HEADER, size)
        yield hit.finding(0, HEADER + present, body)
        if present < size or not size:
            return
        if size <= CHECKED:
            value = 0
            for at in range(0, size, READ):
                value = zlib.crc32(view.read(HEADER + at, min(READ, size - at)), value)
            if value != data:
                yield hit.finding(24, 4, Anomaly("data_crc_wrong", f"stored {data:#x}, computed {value:#x}"))
        yield Extent(0, HEADER + size, "uimage", "the header's CRC-32 holds, and all data is there")
        yield Region(HEADER, size, "uimage-data", Codec("uimage", None), name=body.name or None)


def _crc(head: bytes) -> int:
    return zlib.crc32(head[:4] + bytes(4) + head[8:])
