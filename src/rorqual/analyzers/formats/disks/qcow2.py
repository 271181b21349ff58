"""QEMU disk images, versions 2 and 3: "QFI\\xfb", tables of two levels that map clusters, counts of references.

https://gitlab.com/qemu-project/qemu/-/blob/master/docs/interop/qcow2.rst. The image ends with the last cluster that the
tables lead to. What clusters hold, snapshots' tables and version 1 are not handled.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.sdk import Anchor, Closed, Extent, Hit, Malformed, Said, View, frozen

HEADER = 72
COPIED, COMPRESSED = 1 << 63, 1 << 62
PLACE = 0x00FF_FFFF_FFFF_FE00
CRYPT = {0: None, 1: "AES", 2: "LUKS"}
LONGEST_NAME = 1023  # of a backing file
MOST_TABLE = 32 << 20  # bytes of a first table
MOST_READ = 64 << 20  # bytes of all tables


@frozen
class QCOW2Image:
    """An image; the finding has its header."""

    tag: ClassVar[str] = "qcow2_image"
    version: int
    size: int  # bytes of the disk
    cluster: int  # bytes
    backing: str | None
    encryption: str | None
    snapshots: int
    allocated: int  # clusters that are stored as they are
    compressed: int  # clusters that are


class QCOW2:
    """Finds images anywhere."""

    name = "qcow2"
    version = 1
    wakes_on = (Anchor(rb"QFI\xfb\x00\x00\x00[\x02-\x03]"),)

    def score(self, view: View, /) -> int:
        """A cluster size that exists."""
        return int(9 <= int.from_bytes(view.read(20, 4), "big") <= 21)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        version, backing, named, bits, size, crypt, entries, table, counts, blocks, snapshots, list_at = (
            struct.unpack_from(">IQIIQIIQQIIQ", head, 4)
        )
        cluster = 1 << bits
        if table % cluster or counts % cluster or not table or not counts or 8 * entries > MOST_TABLE:
            raise Malformed(view.offset + 40, "tables on clusters' borders")
        long = int.from_bytes(view.read(100, 4), "big") if version == 3 else HEADER
        end = max(_up(long, cluster), counts + blocks * cluster, table + 8 * entries)
        end = max(end, _up(list_at + 1, cluster) if snapshots else 0)
        allocated = compressed = 0
        for block in _numbers(view, counts, blocks * cluster // 8):
            end = max(end, block + cluster if block else 0)
        for second in _numbers(view, table, entries):
            place = second & PLACE
            if not place:
                continue
            end = max(end, place + cluster)
            for entry in _numbers(view, place, cluster // 8):
                if entry & COMPRESSED:
                    compressed += 1
                    shift = 62 - (bits - 8)
                    start = entry & ((1 << shift) - 1)
                    end = max(end, (start & ~511) + (((entry >> shift) & ((1 << bits - 8) - 1)) + 1) * 512)
                elif entry & PLACE:
                    allocated += 1
                    end = max(end, (entry & PLACE) + cluster)
        name = view.read(backing, min(named, LONGEST_NAME)).decode("utf-8", "replace") if backing else None
        body = QCOW2Image(version, size, cluster, name, CRYPT.get(crypt, "?"), snapshots, allocated, compressed)
        yield hit.finding(0, view.within(0, long), body)
        present = view.within(0, end)
        if crypt:
            yield Closed(cluster, max(0, present - cluster), f"encrypted ({CRYPT.get(crypt, 'unknown')})")
        if present < end and end - present < cluster:
            end = present  # the last cluster may be short
        if present >= end:
            yield Extent(0, end, "qcow2", "tables lead to clusters that are all there")
            if backing != long or not named:
                yield from room(hit, long, cluster - long, "qcow2", "extra")


def _up(value: int, unit: int) -> int:
    return -(-value // unit) * unit


def _numbers(view: View, at: int, count: int) -> Iterator[int]:
    """Big-endian numbers of 64 bits, as far as tables may be read."""
    done = 0
    while done < count:
        data = view.read(at + 8 * done, min(65_536, 8 * (count - done)))
        if len(data) < 8 or 8 * done > MOST_READ:
            return
        view.step(len(data) // 256)
        if data.strip(b"\0"):
            yield from struct.unpack(f">{len(data) // 8}Q", data[: len(data) // 8 * 8])
        done += len(data) // 8
