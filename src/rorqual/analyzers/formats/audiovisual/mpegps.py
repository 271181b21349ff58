"""MPEG program streams: packs (00 00 01 BA), system headers, packets with a size, an end code (00 00 01 B9).

ISO/IEC 11172-1 and 13818-1, section 2.5. Elementary streams and what packets carry are not handled.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.analyzers.gated import BEGINNINGS
from rorqual.sdk import Extent, Finding, Hit, Malformed, Said, View, frozen

PACK, SYSTEM, END = 0xBA, 0xBB, 0xB9
PADDING, PRIVATE_2 = 0xBE, 0xBF
NEEDED = 4  # packs or packets
MOST = 1_000_000
MOST_ROOMS = 1000


@frozen
class MPEGProgram:
    """A stream; the finding spans its packs and packets."""

    tag: ClassVar[str] = "mpeg_program"
    mpeg: int  # 1 or 2
    packs: int
    packets: int
    video: int  # streams
    audio: int
    ended: bool  # with an end code


class MPEGPS:
    """Finds streams where a source or a gap begins."""

    name = "mpegps"
    version = 1
    wakes_on = BEGINNINGS

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        at, packs, packets, mpeg, ended = 0, 0, 0, 0, False
        streams: set[int] = set()
        rooms: list[Finding] = []
        for _ in range(MOST):
            view.step()
            head = view.read(at, 14)
            if len(head) < 4 or head[:3] != b"\0\0\1" or head[3] < END:
                break
            if head[3] == END:
                at, ended = at + 4, True
                break
            if head[3] == PACK:
                if len(head) == 14 and head[4] & 0xC4 == 0x44:
                    mpeg, size = 2, 14 + (head[13] & 7)
                elif len(head) >= 12 and head[4] & 0xF1 == 0x21:
                    mpeg, size = 1, 12
                else:
                    break
                packs += 1
            else:
                size = 6 + int.from_bytes(head[4:6], "big")
                if size == 6 or not packs or len(head) < 6:
                    break
                packets += 1
                if head[3] >= 0xC0:
                    streams.add(head[3])
                if head[3] == PADDING and len(rooms) < MOST_ROOMS and view.read(at + 6, size - 6).strip(b"\xff"):
                    rooms += room(hit, at + 6, size - 6, "mpegps", "padding")
            if view.within(at, size) < size:
                break
            at += size
        if packs + packets < NEEDED or not packets:
            raise Malformed(view.offset + at, "packs and packets")
        video, audio = (sum(one & mask == kind for one in streams) for kind, mask in ((0xE0, 0xF0), (0xC0, 0xE0)))
        yield hit.finding(0, at, MPEGProgram(mpeg, packs, packets, video, audio, ended))
        proof = "to the end code" if ended else "without an end code"
        yield Extent(0, at, "mpegps", f"{packs} packs and {packets} packets follow each other {proof}")
        yield from rooms
