"""MPEG audio frames: a header of 32 bits that gives the frame's size (ISO/IEC 11172-3, 13818-3; MPEG 2.5 by use).

Free-format streams, whose frames do not say how long they are, are not handled.
"""

from dataclasses import dataclass

from rorqual.sdk import View, frozen

FIXED = 0xFFFE0C00  # sync, version, layer and sampling rate: the same in all frames of a stream
BUFFERED = 32 << 20  # bytes of a stream read whole; beyond, headers are read one by one
BLOCK = 16 << 10
MOST = 2_000_000  # frames
RATES = (44_100, 48_000, 32_000)
BITRATES = {  # kbit/s by (MPEG 1, layer)
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
MODES = ("stereo", "joint stereo", "dual channel", "mono")
VERSIONS = {0: "2.5", 2: "2", 3: "1"}


@frozen
class Header:
    """What a frame's header says; `size` in bytes, header counted."""

    key: int  # the bits that all frames of a stream share
    version: str
    layer: int
    bitrate: int  # kbit/s
    rate: int  # samples a second
    mode: str
    size: int
    samples: int


def header(data: bytes) -> Header | None:
    """The header that the bytes begin with."""
    word = int.from_bytes(data[:4], "big")
    version, layer = word >> 19 & 3, 4 - (word >> 17 & 3)
    bitrate, rate = word >> 12 & 15, word >> 10 & 3
    if len(data) < 4 or word >> 21 != 0x7FF or version == 1 or layer == 4 or bitrate in (0, 15) or rate == 3:
        return None
    if word & 3 == 2:  # a reserved emphasis
        return None
    first = version == 3
    speed = BITRATES[first, layer][bitrate]
    hertz = RATES[rate] >> (3 - version if version else 2)
    padding = word >> 9 & 1
    if layer == 1:
        size, samples = (12_000 * speed // hertz + padding) * 4, 384
    else:
        samples = 1152 if first or layer == 2 else 576
        size = samples // 8 * 1000 * speed // hertz + padding
    return Header(word & FIXED, VERSIONS[version], layer, speed, hertz, MODES[word >> 6 & 3], size, samples)


@dataclass
class Run:
    """Frames in a row. `end` is where the last ends, which may be past the source's end."""

    start: int
    end: int
    first: Header
    frames: int = 0
    bits: int = 0  # sum of the frames' bitrates in kbit/s
    varies: bool = False


class Frames:
    """Reads headers, from blocks as long as the stream is short."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._block = b""
        self._at = 0
        self._seen: dict[bytes, Header | None] = {}

    def at(self, at: int) -> Header | None:
        """The header at `at`."""
        if at >= BUFFERED:
            data = self._view.read(at, 4)
        else:
            if not self._at <= at <= self._at + len(self._block) - 4:
                self._at, self._block = at, self._view.read(at, BLOCK)
            data = self._block[at - self._at : at - self._at + 4]
        if data not in self._seen:
            if len(self._seen) > 4096:
                self._seen.clear()
            self._seen[data] = header(data)
        return self._seen[data]

    def run(self, start: int, most: int = MOST, key: int | None = None) -> Run | None:
        """The frames from `start` on that agree with the first (and with `key`), at most `most`."""
        first = self.at(start)
        if first is None or (key is not None and first.key != key):
            return None
        run = Run(start, start, first)
        for _ in range(most):
            self._view.step()
            one = self.at(run.end)
            if one is None or one.key != first.key:
                break
            run.end += one.size
            run.frames += 1
            run.bits += one.bitrate
            run.varies = run.varies or one.bitrate != first.bitrate
        return run
