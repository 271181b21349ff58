"""Packet captures of libpcap: a header of 24 bytes, then records of 16 bytes and a packet each, to the end.

https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html. Both orders of bytes, times in micro- and nanoseconds,
and the longer records of Kuznetzov's libpcap. Packets are not read.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar, Literal

from rorqual.analyzers.formats.stores import PCAP
from rorqual.analyzers.formats.stores.link_types import link_type
from rorqual.analyzers.formats.times import unix
from rorqual.sdk import Anomaly, Extent, Hit, Malformed, Said, View, frozen

HEADER, RECORD, LONG_RECORD = 24, 16, 24
MICROSECONDS, NANOSECONDS, MODIFIED = 0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34
SNAP_MOST = 262_144  # what libpcap reads at most of most kinds of links
SOON = 86_400  # seconds: what is cut so far on is a record's header
RECORDS_MOST = 1 << 20  # that are walked


@frozen
class PacketCapture:
    """A capture. The finding spans the records that were walked."""

    tag: ClassVar[str] = "packet_capture"
    version: str
    big_endian: bool
    nanoseconds: bool
    link_type: str
    snap_length: int
    packets: int
    packet_bytes: int  # as captured
    first: str | None  # times
    last: str | None
    cut: bool  # the last record goes on behind the end of the source
    more: bool  # than were walked


class Pcap:
    """Finds captures anywhere."""

    name = "pcap"
    version = 1
    wakes_on = PCAP

    def score(self, view: View, /) -> int:
        """A link type of 16 bits, with bits for checksums of frames."""
        head = view.read(0, HEADER)
        if len(head) < HEADER:
            return 0
        return int(int.from_bytes(head[20:24], _order(head)) & 0x03FF0000 == 0)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        big = _order(head) == "big"
        mark = ">" if big else "<"
        magic, major, minor, _, _, snap, link = struct.unpack(f"{mark}I2Hi3I", head)
        if major != 2 or minor > 4:
            raise Malformed(hit.offset + 4, "version 2")
        width = LONG_RECORD if magic == MODIFIED else RECORD
        fraction_most = 1_000_000_000 if magic == NANOSECONDS else 1_000_000
        most = max(snap if snap < 1 << 28 else 0, SNAP_MOST)
        form = struct.Struct(f"{mark}4I")
        at, packets, total, cut = HEADER, 0, 0, False
        first = last = 0
        while packets < RECORDS_MOST:
            view.step()
            raw = view.read(at, width)
            if len(raw) < width:
                soon = int.from_bytes(raw[:4], "big" if big else "little") - last < SOON
                cut = len(raw) >= 4 and packets > 0 and soon
                break
            seconds, fraction, captured, length = form.unpack_from(raw)
            if captured > most or fraction >= fraction_most or captured > max(length, most) or not any(raw):
                break
            if captured and not view.holds(at + width + captured - 1):
                cut = True
                break
            first, last = (first if packets else seconds), seconds
            packets, total, at = packets + 1, total + captured, at + width + captured
        if not packets and (cut or view.holds(HEADER)):
            raise Malformed(hit.offset + HEADER, "a packet")
        more = packets == RECORDS_MOST
        end = view.within(0, at + width + most) if cut else at
        body = PacketCapture(
            version=f"{major}.{minor}",
            big_endian=big,
            nanoseconds=magic == NANOSECONDS,
            link_type=link_type(link & 0xFFFF),
            snap_length=snap,
            packets=packets,
            packet_bytes=total,
            first=unix(first),
            last=unix(last),
            cut=cut,
            more=more,
        )
        yield hit.finding(0, end, body)
        proof = "the records lead to an end" if packets else "a header, and nothing behind it"
        if cut or more:
            proof = f"{packets} records; " + ("the last is cut" if cut else "more follow")
        yield Extent(0, end, "pcap", proof)
        if cut:
            yield hit.finding(at, end - at, Anomaly("capture_cut", f"a record at {at:#x} goes on behind the end"))


def _order(head: bytes) -> Literal["big", "little"]:
    return "big" if head[:1] == b"\xa1" else "little"
