"""AAC in ADTS frames: sync bits and fixed fields of 28 bits, then the frame's size (ISO/IEC 13818-7, 6.2).

There is no magic number but the sync bits of each frame, so many frames must agree. An ID3v2 tag may stand before
them. What frames encode is not handled; nor is LATM.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.audiovisual import id3
from rorqual.analyzers.gated import BEGINNINGS
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER = 7
FIXED = 0xFFFEFDC0  # sync, version, layer, profile, rate, channels: the same in all frames
NEEDED = 8  # frames that must agree
MOST = 2_000_000
SAMPLES = 1024  # of a raw block
RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
PROFILES = ("Main", "LC", "SSR", "LTP")


@frozen
class AACAudio:
    """Frames; the finding spans them all."""

    tag: ClassVar[str] = "aac_audio"
    profile: str
    rate: int  # samples a second
    channels: int  # 0: told in the first frame
    frames: int
    seconds: float


class AAC:
    """Finds frames behind an ID3v2 tag, or where a source or a gap begins."""

    name = "aac"
    version = 1
    wakes_on = (Anchor(rb"ID3[\x02-\x04][\x00-\x09][\x00-\xff][\x00-\x7f]{4}"), *BEGINNINGS)

    def score(self, view: View, /) -> int:
        """Sync bits behind the tag."""
        tag = view.read(6, 4)
        size = 0
        for byte in tag:
            size = size << 7 | byte
        sync = view.read(size + 10, 2)
        return int(len(sync) == 2 and sync[0] == 0xFF and sync[1] & 0xF6 == 0xF0)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        tag = id3.tag(view, 0)
        start = tag.size if tag is not None else 0
        at, frames, blocks, key = start, 0, 0, None
        while frames < MOST:
            view.step()
            head = view.read(at, HEADER)
            word = int.from_bytes(head[:4], "big")
            if len(head) < HEADER or word & 0xFFF60000 != 0xFFF00000 or (word >> 10 & 15) >= len(RATES):
                break
            size = int.from_bytes(head[3:6], "big") >> 5 & 0x1FFF
            if (key is not None and word & FIXED != key) or size < HEADER + (0 if head[1] & 1 else 2):
                break
            key = word & FIXED
            frames += 1
            blocks += (head[6] & 3) + 1
            at += size
        if frames < NEEDED or key is None:
            raise Malformed(view.offset + at, f"{NEEDED} frames that agree")
        end = start + view.within(start, at - start)
        rate = RATES[key >> 10 & 15]
        body = AACAudio(PROFILES[key >> 14 & 3], rate, key >> 6 & 7, frames, round(blocks * SAMPLES / rate, 3))
        yield hit.finding(start, end - start, body)
        behind = id3.trailing(view, end)
        tail = behind[0] if behind is not None else 0
        yield Extent(0, end + tail, "aac", f"{frames} frames agree to the end")
        if tag is not None:
            yield from room(hit, id3.HEADER, tag.size - id3.HEADER, "aac", "metadata")
        yield from room(hit, end, tail, "aac", "metadata")
