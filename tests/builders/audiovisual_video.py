"""Small videos and their containers: boxes, elements, tags, objects, packs and packets."""

import struct
import zlib
from uuid import UUID

from rorqual.analyzers.formats.audiovisual.mpegts import REVERSED


def box(name: bytes, data: bytes = b"", *, wide: bool = False) -> bytes:
    """A box of the ISO base media format."""
    if wide:
        return b"\0\0\0\1" + name + struct.pack(">Q", len(data) + 16) + data
    return struct.pack(">I", len(data) + 8) + name + data


def movie(*more: bytes, codec: bytes = b"avc1") -> bytes:
    """A movie box of one video track; `more` boxes at its end."""
    header = box(b"mvhd", struct.pack(">IIIII", 0, 3_600_000_000, 0, 1000, 2500) + bytes(80))
    track = box(b"tkhd", bytes(76) + struct.pack(">HHHH", 64, 0, 48, 0))
    handler = box(b"hdlr", bytes(8) + b"vide" + bytes(13))
    table = box(b"stbl", box(b"stsd", struct.pack(">II", 0, 1) + box(codec, bytes(70))))
    media = box(b"mdia", handler + box(b"minf", table))
    return box(b"moov", header + box(b"trak", track + media) + b"".join(more))


def mp4(*more: bytes, brand: bytes = b"isom", codec: bytes = b"avc1") -> bytes:
    """A file: type, `more` boxes, samples, movie."""
    return (
        box(b"ftyp", brand + bytes(4) + b"isommp41")
        + b"".join(more)
        + box(b"mdat", b"samples!" * 4)
        + movie(codec=codec)
    )


def element(id: int, data: bytes, *, wide: int = 1) -> bytes:
    """An element of EBML, its size in `wide` bytes; 0: the size is left open."""
    name = id.to_bytes((id.bit_length() + 7) // 8, "big")
    if not wide:
        return name + b"\x01" + b"\xff" * 7 + data
    return name + (len(data) | 1 << 7 * wide).to_bytes(wide, "big") + data


def matroska(*more: bytes, document: bytes = b"matroska", in_header: bytes = b"", open_size: bool = False) -> bytes:
    """A file of one track and one cluster; `more` elements at the segment's end."""
    header = element(0x1A45DFA3, in_header + element(0x4282, document) + element(0x4287, b"\4"), wide=4)
    info = element(0x2AD7B1, b"\x0f\x42\x40") + element(0x4489, struct.pack(">f", 1500)) + element(0x7BA9, b"Whale")
    track = element(
        0xAE,
        element(0x83, b"\1") + element(0x86, b"V_VP9") + element(0xE0, element(0xB0, b"\x40") + element(0xBA, b"\x30")),
    )
    body = element(0x1549A966, info) + element(0x1654AE6B, track)
    body += element(0x1F43B675, element(0xE7, b"\0") + element(0xA3, b"\x81\0\0\x80frame")) + b"".join(more)
    return header + element(0x18538067, body, wide=0 if open_size else 4)


def attachment(name: bytes, data: bytes) -> bytes:
    """An element of attachments with one file."""
    file = element(0x466E, name) + element(0x4660, b"text/plain") + element(0x465C, data, wide=2)
    return element(0x1941A469, element(0x61A7, file, wide=2), wide=2)


def flv(*tags: tuple[int, bytes], room: bytes = b"") -> bytes:
    """A file of tags (kind, data)."""
    out = b"FLV\1\5" + struct.pack(">I", 9 + len(room)) + room + bytes(4)
    for number, (kind, data) in enumerate(tags):
        tag = bytes([kind]) + len(data).to_bytes(3, "big") + (40 * number).to_bytes(3, "big") + bytes(4) + data
        out += tag + struct.pack(">I", len(tag))
    return out


def guid(text: str) -> bytes:
    return UUID(text).bytes_le


def asf_object(name: str, data: bytes) -> bytes:
    """A GUID, a size, data."""
    return guid(name) + struct.pack("<Q", 24 + len(data)) + data


def asf(*more: bytes, packets: bytes = b"packet" * 8, declared: int | None = None) -> bytes:
    """A header of file and stream properties and `more` objects, then data."""
    stream = asf_object(
        "b7dc0791-a9b7-11cf-8ee6-00c00c205365", guid("f8699e40-5b4d-11cf-a8fd-00805f5c442b") + bytes(38)
    )
    data = asf_object("75b22636-668e-11cf-a6d9-00aa0062ce6c", bytes(26) + packets)
    length = 30 + 104 + len(stream) + sum(map(len, more))
    total = length + len(data) if declared is None else declared
    properties = bytes(16) + struct.pack("<5Q", total, 130_000_000_000_000_000, 1, 30_000_000, 0) + bytes(24)
    file = asf_object("8cabdca1-a947-11cf-8ee4-00c00c205365", properties)
    head = guid("75b22630-668e-11cf-a6d9-00aa0062ce6c") + struct.pack("<QI", length, 2 + len(more)) + b"\1\2"
    return head + file + stream + b"".join(more) + data


def packet(pid: int, data: bytes, *, start: bool = False) -> bytes:
    """A packet of a transport stream."""
    return (b"G" + (pid | (0x4000 if start else 0)).to_bytes(2, "big") + b"\x10" + data).ljust(188, b"\xff")


def _section(data: bytes) -> bytes:
    value = zlib.crc32(data.translate(REVERSED)) ^ 0xFFFFFFFF
    return b"\0" + data + int(f"{value:032b}"[::-1], 2).to_bytes(4, "big")


def transport(count: int = 4) -> bytes:
    """A program table, a map of one H.264 stream, and `count` packets more."""
    programs = _section(b"\0\xb0\x0d\0\1\xc1\0\0" + b"\0\1\xe1\0")
    streams = _section(b"\2\xb0\x12\0\1\xc1\0\0" + b"\xe1\1\xf0\0" + b"\x1b\xe1\1\xf0\0")
    rest = b"".join(packet(0x101, b"video" * 8) for _ in range(count))
    return packet(0, programs, start=True) + packet(0x100, streams, start=True) + rest


def program(packets: int = 4, *, ended: bool = True) -> bytes:
    """MPEG-2 packs of one video packet each."""
    pack = b"\0\0\1\xba\x44\0\4\0\4\1\0\1\3\xf8"
    video = b"\0\0\1\xe0" + struct.pack(">H", 23) + b"\x80\0\0" + b"picture data of it!!"
    return (pack + video) * packets + (b"\0\0\1\xb9" if ended else b"")
