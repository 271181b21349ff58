"""Small sound files: RIFF and AIFF forms, MPEG frames with tags, FLAC, Ogg, MIDI, AU, ADTS, AMR."""

import struct

from rorqual.analyzers.formats.audiovisual.flac_frames import crc
from rorqual.analyzers.formats.audiovisual.ogg import crc32


def chunk(name: bytes, data: bytes, *, order: str = "<") -> bytes:
    """A chunk of RIFF ("<") or IFF (">"), padded to an even size."""
    return name + struct.pack(f"{order}I", len(data)) + data + b"\0" * (len(data) % 2)


def form(magic: bytes, kind: bytes, *chunks: bytes, order: str = "<", size: int | None = None) -> bytes:
    """A RIFF or IFF form; `size` where the header lies."""
    body = kind + b"".join(chunks)
    return magic + struct.pack(f"{order}I", len(body) if size is None else size) + body


def wave(*more: bytes, samples: bytes = bytes(range(64)), order: str = "<", size: int | None = None) -> bytes:
    """PCM of 8 bits at 8,000 Hz, with `more` chunks before the samples."""
    fmt = struct.pack(f"{order}HHIIHH", 1, 1, 8000, 8000, 1, 8)
    parts = chunk(b"fmt ", fmt, order=order), *more, chunk(b"data", samples, order=order)
    return form(b"RIFF" if order == "<" else b"RIFX", b"WAVE", *parts, order=order, size=size)


def avi() -> bytes:
    """A video of one stream and no frames worth the name."""
    main = struct.pack("<10I", 40_000, 0, 0, 0, 3, 0, 1, 0, 64, 48) + bytes(16)
    stream = (
        b"strl" + chunk(b"strh", b"vidsMJPG" + bytes(48)) + chunk(b"strf", bytes(40)) + chunk(b"JUNK", b"in a list!")
    )
    header = b"hdrl" + chunk(b"avih", main) + chunk(b"LIST", stream)
    return form(b"RIFF", b"AVI ", chunk(b"LIST", header), chunk(b"LIST", b"movi" + chunk(b"00dc", b"frame")))


def aiff(*more: bytes, kind: bytes = b"AIFF", size: int | None = None) -> bytes:
    """Mono of 16 bits at 44,100 Hz."""
    rate = b"\x40\x0e\xac\x44" + bytes(6)
    common = struct.pack(">HIH", 1, 8, 16) + rate + (b"NONE\0\0" if kind == b"AIFC" else b"")
    sound = chunk(b"SSND", bytes(8) + bytes(range(16)), order=">")
    return form(b"FORM", kind, chunk(b"COMM", common, order=">"), *more, sound, order=">", size=size)


def mpeg_frames(count: int, fill: bytes = b"\x55") -> bytes:
    """Frames of MPEG-2 layer III, 8 kbit/s, 24,000 Hz mono: 24 bytes each."""
    return (b"\xff\xf3\x14\xc0" + fill * 20) * count


def syncsafe(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def id3_frame(name: bytes, data: bytes, version: int = 3) -> bytes:
    """A frame of an ID3v2 tag."""
    if version == 2:
        return name + len(data).to_bytes(3, "big") + data
    return name + (syncsafe(len(data)) if version == 4 else len(data).to_bytes(4, "big")) + b"\0\0" + data


def id3(*frames: bytes, version: int = 3, flags: int = 0, size: int | None = None, padding: int = 0) -> bytes:
    """An ID3v2 tag."""
    body = b"".join(frames) + bytes(padding)
    return b"ID3" + bytes([version, 0, flags]) + syncsafe(len(body) if size is None else size) + body


def id3v1(title: bytes = b"Title") -> bytes:
    """The tag of 128 bytes at a file's end."""
    return b"TAG" + title.ljust(30, b"\0") + bytes(95)


def ape_tag(items: bytes = b"", *, header: bool = True) -> bytes:
    """An APEv2 tag, with a header or with a footer only."""
    item = items or struct.pack("<II", 5, 0) + b"Title\0Hello"
    tail = struct.pack("<III", 2000, len(item) + 32, 1)
    footer = b"APETAGEX" + tail + struct.pack("<I", (1 << 31) if header else 0) + bytes(8)
    head = b"APETAGEX" + tail + struct.pack("<I", (1 << 31) | (1 << 29)) + bytes(8)
    return (head if header else b"") + item + footer


def _flac_block(kind: int, data: bytes, *, last: bool) -> bytes:
    return bytes([kind | (0x80 if last else 0)]) + len(data).to_bytes(3, "big") + data


def vorbis_comment(*texts: bytes, vendor: bytes = b"tests") -> bytes:
    """Comments as FLAC and Ogg have them."""
    out = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(texts))
    return out + b"".join(struct.pack("<I", len(text)) + text for text in texts)


def flac_frame(number: int, body: bytes = b"\0\x12\x34", block: int = 192) -> bytes:
    """A mono frame of 16 bits; the body is by default a subframe of a constant."""
    head = b"\xff\xf8\x19\x08" + bytes([number])
    if block != 192:
        head = b"\xff\xf8\x69\x08" + bytes([number, block - 1])
    head += bytes([crc(head, 0x07, 8)])
    frame = head + body
    return frame + crc(frame, 0x8005, 16).to_bytes(2, "big")


def flac(*blocks: tuple[int, bytes], frames: int = 3, samples: int | None = None) -> bytes:
    """A stream of frames of 192 samples, with metadata blocks (kind, data)."""
    total = 192 * frames if samples is None else samples
    packed = (44_100 << 44 | 0 << 41 | 15 << 36 | total).to_bytes(8, "big")
    info = struct.pack(">HH", 192, 192) + bytes(6) + packed + bytes(16)
    every = [(0, info), *blocks]
    head = b"".join(_flac_block(kind, data, last=at == len(every) - 1) for at, (kind, data) in enumerate(every))
    return b"fLaC" + head + b"".join(flac_frame(number) for number in range(frames))


def ogg_page(data: bytes, *, serial: int = 7, number: int = 0, flags: int = 0, granule: int = 0) -> bytes:
    """A page of one packet."""
    table = bytes([255] * (len(data) // 255) + [len(data) % 255])
    head = b"OggS\0" + bytes([flags]) + struct.pack("<QIII", granule, serial, number, 0) + bytes([len(table)]) + table
    page = head + data
    return page[:22] + crc32(page).to_bytes(4, "little") + page[26:]


def vorbis(*more: bytes, serial: int = 7, ended: bool = True) -> bytes:
    """A stream of three pages, with `more` pages behind the first."""
    first = b"\x01vorbis" + struct.pack("<IBIIIIBB", 0, 1, 24_000, 0, 0, 0, 0xB8, 1)
    comments = b"\x03vorbis" + vorbis_comment(b"TITLE=Whale", b"ARTIST=Sea") + b"\1"
    pages = ogg_page(first, serial=serial, flags=2), *more, ogg_page(comments, serial=serial, number=1)
    return b"".join(pages) + ogg_page(b"sound" * 9, serial=serial, number=2, flags=4 if ended else 0, granule=99)


def midi(*tracks: bytes, declared: int | None = None) -> bytes:
    """A sequence; a track is its events."""
    count = len(tracks) if declared is None else declared
    head = chunk(b"MThd", struct.pack(">HHH", 1, count, 96), order=">")
    return head + b"".join(b"MTrk" + struct.pack(">I", len(track)) + track for track in tracks)


TRACK = b"\0\x90\x40\x40\x60\x80\x40\0\0\xff\x2f\0"


def au(note: bytes = b"note\0\0\0\0", samples: bytes = bytes(range(32)), size: int | None = None) -> bytes:
    """PCM of 16 bits."""
    start = 24 + len(note)
    return b".snd" + struct.pack(">5I", start, len(samples) if size is None else size, 3, 8000, 1) + note + samples


def adts(count: int, size: int = 20) -> bytes:
    """AAC LC frames at 44,100 Hz, of `size` bytes."""
    head = 0xFFF << 44 | 1 << 40 | 1 << 38 | 4 << 34 | 1 << 30 | size << 13 | 0x7FF << 2
    return (head.to_bytes(7, "big") + b"\x21" * (size - 7)) * count


def amr(count: int) -> bytes:
    """Frames of 4.75 kbit/s."""
    return b"#!AMR\n" + (b"\x04" + bytes(12)) * count
