"""What WAVE and AVI headers say: https://learn.microsoft.com/windows/win32/api/mmeapi/ns-mmeapi-waveformatex and
https://learn.microsoft.com/windows/win32/directshow/avi-riff-file-reference."""

from typing import ClassVar

from rorqual.analyzers.formats.audiovisual.chunks import Chunk, Order, chunks
from rorqual.sdk import View, frozen

CODECS = {
    1: "PCM",
    2: "Microsoft ADPCM",
    3: "IEEE float",
    6: "A-law",
    7: "mu-law",
    0x11: "IMA ADPCM",
    0x31: "GSM 6.10",
    0x50: "MPEG layer I or II",
    0x55: "MPEG layer III",
    0xFF: "AAC",
    0x161: "Windows Media Audio",
    0x2000: "AC-3",
    0xFFFE: "extensible",
}
STREAMS = 16  # of a video that are told


@frozen
class WaveAudio:
    """The format of a WAVE file's samples."""

    tag: ClassVar[str] = "wave_audio"
    codec: str
    channels: int
    rate: int  # samples a second
    bits: int  # of a sample
    bytes_a_second: int
    data: int  # bytes of samples, as stored
    seconds: float | None


@frozen
class AVIVideo:
    """The main header of an AVI file and its streams."""

    tag: ClassVar[str] = "avi_video"
    width: int  # pixels
    height: int
    frames: int
    frame_microseconds: int
    streams: tuple[str, ...]  # kind and codec of each


def wave_facts(view: View, fmt: Chunk, data: Chunk | None, order: Order) -> WaveAudio | None:
    """None where the chunk is too short or says nothing that can be played."""
    head = view.read(fmt.data, min(fmt.size, 40))
    if len(head) < 14:
        return None

    def number(at: int, size: int) -> int:
        return int.from_bytes(head[at : at + size], order)

    tag, channels, rate, speed, bits = number(0, 2), number(2, 2), number(4, 4), number(8, 4), number(14, 2)
    if tag == 0xFFFE and len(head) >= 26:
        tag = number(24, 2)
    size = data.size if data else 0
    seconds = round(size / speed, 3) if speed else None
    return WaveAudio(CODECS.get(tag, f"format {tag:#x}"), channels, rate, bits, speed, size, seconds)


def avi_facts(view: View, header: Chunk, order: Order) -> AVIVideo | None:
    """None where the list has no main header."""
    main: bytes = b""
    streams: list[str] = []
    for one in chunks(view, header.data + 4, header.end, order):
        if one.name == "avih":
            main = view.read(one.data, 40)
        elif one.name == "LIST" and len(streams) < STREAMS:
            for inner in chunks(view, one.data + 4, one.end, order):
                if inner.name == "strh":
                    kind = view.read(inner.data, 8)
                    streams.append(" ".join(kind[at : at + 4].decode("latin-1").strip(" \0") for at in (0, 4)).strip())
    if len(main) < 40:
        return None
    period, frames, width, height = (int.from_bytes(main[at : at + 4], order) for at in (0, 16, 32, 36))
    return AVIVideo(width, height, frames, period, tuple(streams))
