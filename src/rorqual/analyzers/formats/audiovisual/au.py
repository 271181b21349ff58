"""Sun audio: ".snd", where the samples begin, how many bytes they have, encoding, rate, channels; an annotation.

https://pubs.opengroup.org/external/auformat.html. The little-endian variant of old DEC systems is not handled.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER = 24
UNKNOWN = 0xFFFFFFFF  # size that the writer left open
ENDLESS = 1 << 60
ENCODINGS = {
    1: "mu-law",
    2: "PCM 8",
    3: "PCM 16",
    4: "PCM 24",
    5: "PCM 32",
    6: "float 32",
    7: "float 64",
    23: "G.721",
    24: "G.722",
    25: "G.723 3 bit",
    26: "G.723 5 bit",
    27: "A-law",
}
BITS = {1: 8, 2: 8, 3: 16, 4: 24, 5: 32, 6: 32, 7: 64, 27: 8}


@frozen
class AUAudio:
    """A file; the finding spans what is there of it."""

    tag: ClassVar[str] = "au_audio"
    encoding: str
    rate: int  # samples a second
    channels: int
    data: int  # bytes of samples
    annotation: str


class AU:
    """Finds files anywhere."""

    name = "au"
    version = 1
    wakes_on = (
        Anchor(
            rb"\.snd\x00\x00[\x00-\xff]{6}\x00\x00\x00[\x01-\x1b]\x00[\x00-\x0b][\x00-\xff]{2}\x00\x00\x00[\x01-\x20]"
        ),
    )

    def score(self, view: View, /) -> int:
        """An encoding that is known, a rate, and samples that begin behind the header."""
        head = view.read(0, HEADER)
        start, _, encoding, rate = (int.from_bytes(head[at : at + 4], "big") for at in (4, 8, 12, 16))
        return int(len(head) == HEADER and start >= HEADER and encoding in ENCODINGS and rate > 0)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        start, size, encoding, rate, channels = (int.from_bytes(head[at : at + 4], "big") for at in (4, 8, 12, 16, 20))
        if size == UNKNOWN and hit.offset:
            raise Malformed(view.offset + 8, "a size that is told")
        present = view.within(start, ENDLESS if size == UNKNOWN else size)
        size = present if size == UNKNOWN else size
        if not size or (encoding in BITS and size % (BITS[encoding] // 8)):
            raise Malformed(view.offset + 8, "whole samples")
        note = view.read(HEADER, min(start - HEADER, 256)).split(b"\0")[0].decode("utf-8", "replace")
        yield hit.finding(0, start + present, AUAudio(ENCODINGS[encoding], rate, channels, size, note))
        if present == size:
            yield Extent(0, start + size, "au", "encoding, rate, channels and size agree")
            yield from room(hit, HEADER, start - HEADER, "au", "comment")
