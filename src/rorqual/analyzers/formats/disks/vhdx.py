"""Hyper-V disk images: "vhdxfile", two headers and two region tables with CRC-32C, regions, blocks.

MS-VHDX, https://learn.microsoft.com/openspecs/windows_protocols/ms-vhdx. The image ends with the last region or block.
What blocks hold is not handled, nor is the log replayed.
"""

import struct
from collections.abc import Iterator
from functools import cache
from typing import ClassVar
from uuid import UUID

from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

MIB = 1 << 20
HEADERS = (64 << 10, 128 << 10)
HEADER = 4096
REGIONS = (192 << 10, 256 << 10)
TABLE = 64 << 10
MOST_REGIONS = 2047
BAT = "2dc27766-f623-4200-9d64-115e9bfd4a08"
METADATA = "8b7ca206-4790-4b9a-b8fe-575f050f886e"
FILE_PARAMETERS = "caa16737-fa36-4d43-b3b6-33f0aa44e76b"
DISK_SIZE = "2fa54224-cd1b-4876-b211-5dbed83bf4b8"
PRESENT, PARTLY = 6, 7  # states of a block
MOST_BLOCKS = 1 << 20


@frozen
class VHDXDisk:
    """A disk; the finding has the file identifier."""

    tag: ClassVar[str] = "vhdx_disk"
    creator: str
    size: int | None  # bytes of the disk
    block: int | None  # bytes
    blocks: int  # that are there
    differencing: bool
    dirty: bool  # whether a log waits to be replayed


class VHDX:
    """Finds images anywhere."""

    name = "vhdx"
    version = 1
    wakes_on = (Anchor(rb"vhdxfile"),)

    def score(self, view: View, /) -> int:
        """A header."""
        return int(any(view.read(at, 4) == b"head" for at in HEADERS))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        headers = [data for at in HEADERS if (data := view.read(at, HEADER))[:4] == b"head" and _holds(data)]
        if not headers:
            raise Malformed(view.offset + HEADERS[0], "a header whose CRC-32C holds")
        head = max(headers, key=lambda data: data[8:16][::-1])
        log_size, log_at = struct.unpack_from("<IQ", head, 68)
        regions = _regions(view)
        parameters = _metadata(view, regions[METADATA][0])
        block, flags = parameters.get(FILE_PARAMETERS, (0, 0))
        size = parameters.get(DISK_SIZE, (None, 0))[0]
        end = max(log_at + log_size, *(at + length for at, length in regions.values()))
        used = 0
        place, length = regions[BAT]
        count = min(length // 8, MOST_BLOCKS)
        numbers = struct.unpack(f"<{count}Q", view.exact(place, 8 * count))
        view.step(count // 32)
        for number in numbers:
            if number & 7 in (PRESENT, PARTLY) and number >> 20:
                used += 1
                end = max(end, (number >> 20) * MIB + (block or 0))
        creator = view.read(8, 512).decode("utf-16-le", "replace").split("\0")[0]
        yield hit.finding(0, 8, VHDXDisk(creator, size, block or None, used, bool(flags & 2), any(head[48:64])))
        if view.within(0, end) == end:
            yield Extent(0, end, "vhdx", "CRC-32C of a header and of the region table hold, and all blocks are there")


def _regions(view: View) -> dict[str, tuple[int, int]]:
    """(place, size) of the regions by GUID; both that must be there are."""
    for at in REGIONS:
        head = view.read(at, 16)
        count = int.from_bytes(head[8:12], "little")
        if head[:4] != b"regi" or count > MOST_REGIONS or not _holds(view.read(at, TABLE)):
            continue
        found = {}
        for raw in (view.read(at + 16 + 32 * number, 32) for number in range(count)):
            place, size, _ = struct.unpack_from("<QII", raw, 16)
            found[str(UUID(bytes_le=raw[:16]))] = place, size
        if BAT in found and METADATA in found:
            return found
    raise Malformed(view.offset + REGIONS[0], "a region table whose CRC-32C holds")


def _metadata(view: View, at: int) -> dict[str, tuple[int, int]]:
    """The first two numbers of the items by GUID, where they are known."""
    head = view.read(at, 32)
    found: dict[str, tuple[int, int]] = {}
    if head[:8] != b"metadata":
        return found
    for number in range(min(int.from_bytes(head[10:12], "little"), MOST_REGIONS)):
        raw = view.read(at + 32 + 32 * number, 32)
        if len(raw) < 32:
            break
        name, (place,) = str(UUID(bytes_le=raw[:16])), struct.unpack_from("<I", raw, 16)
        data = view.read(at + place, 8)
        if name == FILE_PARAMETERS:
            found[name] = int.from_bytes(data[:4], "little"), int.from_bytes(data[4:], "little")
        elif name == DISK_SIZE:
            found[name] = int.from_bytes(data, "little"), 0
    return found


@cache
def _table() -> tuple[int, ...]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)  # noqa: PLW2901 - the loop is the definition
        table.append(value)
    return tuple(table)


def _holds(data: bytes) -> bool:
    """Whether the CRC-32C at 4, of all bytes with itself as zero, holds."""
    table, value = _table(), 0xFFFFFFFF
    for byte in data[:4] + bytes(4) + data[8:]:
        value = value >> 8 ^ table[(value ^ byte) & 0xFF]
    return value ^ 0xFFFFFFFF == int.from_bytes(data[4:8], "little")
