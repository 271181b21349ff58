"""MPEG transport streams: packets of 188 bytes that begin with 0x47 (192 with a time before, 204 with a sum behind).

ISO/IEC 13818-1, section 2.4. What packets carry is not handled, but for the programs and their streams' types.
"""

import zlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.gated import BEGINNINGS
from rorqual.sdk import Extent, Hit, Malformed, Said, View, frozen

SYNC = 0x47
LAYOUTS = ((188, 0), (192, 4), (204, 0))  # bytes of a packet, and before its sync byte
NEEDED = 5  # packets with a program table whose CRC-32 holds
BARE = 64  # packets where there is none
TABLES = 512  # packets in which tables are looked for
DENSE = 16 << 20  # bytes in which each packet is looked at; beyond, one of STRIDE
STRIDE = 64
MOST = 1 << 22  # reads
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
TYPES = {
    1: "MPEG-1 video",
    2: "MPEG-2 video",
    3: "MPEG-1 audio",
    4: "MPEG-2 audio",
    6: "private",
    15: "AAC",
    16: "MPEG-4 video",
    17: "AAC LATM",
    27: "H.264",
    36: "HEVC",
    0x81: "AC-3",
    0x86: "SCTE-35",
}


@frozen
class MPEGTransport:
    """A stream; the finding spans its packets."""

    tag: ClassVar[str] = "mpeg_transport"
    packet: int  # bytes
    packets: int
    programs: tuple[int, ...]
    streams: tuple[str, ...]


class MPEGTS:
    """Finds streams where a source or a gap begins."""

    name = "mpegts"
    version = 1
    wakes_on = BEGINNINGS

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        for packet, lead in LAYOUTS:
            if all(view.read(lead + packet * number, 1) == b"G" for number in range(NEEDED)):
                break
        else:
            raise Malformed(view.offset, "sync bytes in step")
        count = _count(view, packet, lead)
        programs, streams = _programs(view, packet, lead, min(count, TABLES))
        if not programs and count < BARE:
            raise Malformed(view.offset, "a program table or many packets")
        yield hit.finding(0, count * packet, MPEGTransport(packet, count, programs, streams))
        proof = "a program table's CRC-32 holds" if programs else "no program table"
        yield Extent(0, count * packet, "mpegts", f"{count} packets in step, {proof}")


def _count(view: View, packet: int, lead: int) -> int:
    """How many packets stand in step, the last of them whole."""
    count = 0
    block = 128 * packet
    while count * packet < DENSE:
        view.step()
        data = view.read(count * packet, block)
        whole = len(data) // packet
        marks = data[lead : whole * packet : packet]
        good = len(marks) - len(marks.lstrip(b"G"))
        count += good
        if good < 128:
            return count
    for _ in range(MOST):
        if view.read((count + STRIDE) * packet + lead - packet, 1) != b"G":
            break
        count += STRIDE
    while view.read(count * packet + lead, 1) == b"G" and view.within(count * packet, packet) == packet:
        view.step()
        count += 1
    return count


def _programs(view: View, packet: int, lead: int, count: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Program numbers and the types of their streams, from the tables whose CRC-32 holds."""
    maps: dict[int, int] = {}
    streams: list[str] = []
    done: set[int] = set()
    for number in range(count):
        data = view.read(number * packet + lead, 188)
        pid = int.from_bytes(data[1:3], "big") & 0x1FFF
        if not data[1] & 0x40 or (pid and pid not in maps) or pid in done:
            continue
        section = _section(data)
        if section is None:
            continue
        done.add(pid)
        if pid == 0:
            for at in range(8, len(section) - 7, 4):
                program = int.from_bytes(section[at : at + 2], "big")
                if program:
                    maps[int.from_bytes(section[at + 2 : at + 4], "big") & 0x1FFF] = program
        else:
            at = 12 + (int.from_bytes(section[10:12], "big") & 0xFFF)
            while at + 9 <= len(section) and len(streams) < 64:
                streams.append(TYPES.get(section[at], f"type {section[at]:#x}"))
                at += 5 + (int.from_bytes(section[at + 3 : at + 5], "big") & 0xFFF)
    return tuple(maps.values())[:64], tuple(streams)


def _section(data: bytes) -> bytes | None:
    """The section that begins in a packet, if it fits and its CRC-32 holds."""
    at = 4
    if data[3] & 0x20:
        at += 1 + data[4]
    if not data[3] & 0x10 or at >= len(data):
        return None
    at += 1 + data[at]
    size = 3 + (int.from_bytes(data[at + 1 : at + 3], "big") & 0xFFF)
    section = data[at : at + size]
    good = len(section) == size >= 12 and zlib.crc32(section.translate(REVERSED)) == 0xFFFFFFFF
    return section if good else None
