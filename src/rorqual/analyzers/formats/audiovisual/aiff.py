"""AIFF and AIFF-C: an IFF form ("FORM", size, "AIFF" or "AIFC") of chunks in big-endian order.

Apple, Audio Interchange File Format 1.3 and AIFF-C (1991). Other IFF forms and the samples are not handled.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.audiovisual.chunks import HEADER, MOST, Chunk, chunk, settled
from rorqual.sdk import Anchor, Anomaly, Extent, Hit, Malformed, Said, View, frozen

FORM = 12
PLAYED = {"COMM", "SSND", "MARK", "INST", "FVER", "MIDI", "AESD", "SAXL", "basc", "trns", "cate"}
COMMENTS = {"NAME", "AUTH", "(c) ", "ANNO", "COMT"}
METADATA = {"ID3 ", "id3 ", "CHAN"}


@frozen
class AIFFAudio:
    """A form; the finding has its size as its header gives it, as far as it is there."""

    tag: ClassVar[str] = "aiff_audio"
    form: str
    channels: int
    frames: int
    bits: int  # of a sample
    rate: int  # samples a second
    compression: str | None
    whole: bool  # whether all chunks are there


class AIFF:
    """Finds forms anywhere and walks their chunks."""

    name = "aiff"
    version = 1
    wakes_on = (Anchor(rb"FORM[\x00-\xff]{4}AIF[FC][\x20-\x7e]{4}"),)

    def score(self, view: View, /) -> int:
        """A form that holds at least one chunk."""
        return int(int.from_bytes(view.read(4, 4), "big") >= 4 + HEADER)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, FORM)
        declared = HEADER + int.from_bytes(head[4:8], "big")
        found: list[Chunk] = []
        at, whole = FORM, True
        while at < declared and len(found) < MOST and whole:
            view.step()
            one = chunk(view, at, "big")
            if one is None:
                break
            found.append(one)
            whole = view.within(one.data, one.size) == one.size
            at = one.after
        common = next((one for one in found if one.name == "COMM" and one.size >= 18), None)
        if common is None:
            raise Malformed(view.offset + FORM, "a COMM chunk")
        if at > declared and found[-1].size % 2 and not view.holds(at - 1):
            at -= 1
        end = settled(view, at, declared)
        present = view.within(0, declared)
        yield hit.finding(0, present, _facts(view, head, common, whole=whole))
        if not whole or not any(one.name == "SSND" for one in found):
            return
        if end < declared <= present:
            proof = f"chunks end at {end}, the form at {declared}"
            yield hit.finding(end, declared - end, Anomaly("bytes_behind_the_last_chunk", proof))
            yield from room(hit, end, declared - end, "aiff", "slack")
            end = declared
        elif end < declared or end > declared + 1:
            yield hit.finding(4, 4, Anomaly("form_size_wrong", f"{declared} bytes by the header, {end} by the chunks"))
        yield Extent(0, end, "aiff", "chunks parse to the end of the form")
        for one in found:
            if one.name not in PLAYED:
                use = "comment" if one.name in COMMENTS else "metadata" if one.name in METADATA else "private"
                yield from room(hit, one.data, one.size, "aiff", use)


def _facts(view: View, head: bytes, common: Chunk, *, whole: bool) -> AIFFAudio:
    data = view.read(common.data, min(common.size, 22))
    channels, frames, bits = (int.from_bytes(data[at : at + size], "big") for at, size in ((0, 2), (2, 4), (6, 2)))
    exponent, mantissa = int.from_bytes(data[8:10], "big") - 16383 - 63, int.from_bytes(data[10:18], "big")
    rate = mantissa >> -exponent if -64 <= exponent <= 0 else 0  # an 80-bit float
    compression = data[18:22].decode("latin-1") if head[8:12] == b"AIFC" and len(data) == 22 else None
    return AIFFAudio(head[8:12].decode("latin-1"), channels, frames, bits, rate, compression, whole)
