"""Flash video: "FLV", version 1, flags, the header's size; then tags, each followed by the size of the one before.

Adobe Flash Video File Format Specification 10.1, annex E. What tags carry is not handled, but for onMetaData's name.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.sdk import Anchor, Anomaly, Extent, Hit, Malformed, Said, View, frozen

HEADER = 9
TAG = 11
KINDS = {8: "audio", 9: "video", 18: "script"}
MOST = 1_000_000
VIDEO = {1: "JPEG", 2: "Sorenson H.263", 3: "Screen video", 4: "VP6", 5: "VP6 with alpha", 7: "H.264", 12: "HEVC"}
AUDIO = {0: "PCM", 1: "ADPCM", 2: "MP3", 3: "PCM", 5: "Nellymoser", 6: "Nellymoser", 10: "AAC", 11: "Speex", 14: "MP3"}


@frozen
class FLVFile:
    """A file; the finding spans the tags that are there."""

    tag: ClassVar[str] = "flv_file"
    tags: int
    audio: str | None
    video: str | None
    milliseconds: int  # the last tag's time
    filtered: bool  # encrypted tags are among them


class FLV:
    """Finds files anywhere."""

    name = "flv"
    version = 1
    wakes_on = (Anchor(rb"FLV\x01[\x00-\x07]\x00[\x00-\x0f][\x00-\xff]{2}"),)

    def score(self, view: View, /) -> int:
        """The header is followed by a previous tag's size of 0."""
        size = int.from_bytes(view.read(5, 4), "big")
        return int(size >= HEADER and view.read(size, 4) == bytes(4))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        start = int.from_bytes(view.exact(5, 4), "big")
        if start < HEADER or view.exact(start, 4) != bytes(4):
            raise Malformed(view.offset + start, "a previous tag's size of 0")
        at, tags, time, wrong, filtered, cut = start + 4, 0, 0, None, False, False
        codecs: dict[int, str] = {}
        while tags < MOST:
            view.step()
            head = view.read(at, TAG + 1)
            kind = head[0] & 0x1F if head else 0
            if len(head) <= TAG or head[0] & 0xC0 or kind not in KINDS or any(head[8:11]):
                break
            size = TAG + int.from_bytes(head[1:4], "big")
            behind = view.read(at + size, 4)
            if len(behind) < 4 and view.within(at, size) < size:
                cut = True
                break
            stored = int.from_bytes(behind, "big")
            if behind and stored != size:
                if stored not in (0, size - TAG):  # as some writers have it
                    break
                wrong = at + size if wrong is None else wrong
            time = int.from_bytes(head[4:7], "big") | head[7] << 24
            filtered = filtered or bool(head[0] & 0x20)
            if kind == 8:
                codecs.setdefault(kind, AUDIO.get(head[TAG] >> 4, f"codec {head[TAG] >> 4}"))
            elif kind == 9:
                codecs.setdefault(kind, VIDEO.get(head[TAG] & 15, f"codec {head[TAG] & 15}"))
            at += size + len(behind)
            tags += 1
        if not tags:
            raise Malformed(view.offset + start + 4, "a tag whose size is repeated behind it")
        yield hit.finding(0, at, FLVFile(tags, codecs.get(8), codecs.get(9), time, filtered))
        if wrong is not None:
            yield hit.finding(wrong, 4, Anomaly("previous_tag_size_wrong", f"behind the tag that ends at {wrong:#x}"))
        if not cut:
            yield Extent(0, at, "flv", f"{tags} tags, each with its size behind it")
            yield from room(hit, HEADER, start - HEADER, "flv", "extra")
