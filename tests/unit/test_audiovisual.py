"""Sound and video: exact extents wherever they stand, rare variants, and what is room."""

import struct
from collections.abc import Callable

import pytest

import rorqual
from rorqual.analyzers.formats import audiovisual
from rorqual.analyzers.formats.audiovisual.flac_frames import crc, frame_header, frame_size
from rorqual.findings.bodies import Claim, Room
from tests.builders import audiovisual_sound as sound
from tests.builders import audiovisual_video as video

PROBES = audiovisual.probes()
TAGGED = sound.id3(sound.id3_frame(b"TIT2", b"\0Whale"))
ANYWHERE: dict[str, Callable[[], bytes]] = {
    "wav": sound.wave,
    "avi": sound.avi,
    "aiff": sound.aiff,
    "mp3": lambda: TAGGED + sound.mpeg_frames(9) + sound.id3v1(),
    "aac": lambda: TAGGED + sound.adts(9),
    "flac": sound.flac,
    "vorbis": sound.vorbis,
    "midi": lambda: sound.midi(sound.TRACK),
    "au": sound.au,
    "amr": lambda: sound.amr(5),
    "mp4": video.mp4,
    "mov": lambda: video.mp4(brand=b"qt  "),
    "3gp": lambda: video.mp4(brand=b"3gp5"),
    "m4a": lambda: video.mp4(brand=b"M4A "),
    "matroska": video.matroska,
    "webm": lambda: video.matroska(document=b"webm"),
    "flv": lambda: video.flv((9, b"\x17picture"), (8, b"\xafsound")),
    "asf": video.asf,
}
STARTS: dict[str, Callable[[], bytes]] = {
    "mp3": lambda: sound.mpeg_frames(9),
    "aac": lambda: sound.adts(9),
    "mov": lambda: video.box(b"wide") + video.box(b"mdat", b"samples!") + video.movie(),
    "mpegts": video.transport,
    "mpegps": video.program,
}
EVERY = {**STARTS, **ANYWHERE}


def claims(data: bytes) -> list[tuple[int, int, str]]:
    """(offset, size, format) of what these probes claim in a source."""
    report = rorqual.scan(data, analyzers=PROBES)
    assert not report.faults
    found = ((finding.offset, finding.size, finding.body) for finding in report if finding.place == ())
    return [(offset, size, body.format) for offset, size, body in found if isinstance(body, Claim)]


def rooms(data: bytes) -> list[tuple[bytes, str]]:
    """(bytes, use) of the rooms in a source."""
    found = [finding for finding in rorqual.scan(data, analyzers=PROBES) if isinstance(finding.body, Room)]
    return [(data[one.offset : one.offset + one.size], one.body.use) for one in found if isinstance(one.body, Room)]


@pytest.mark.parametrize("format", ANYWHERE)
def test_extent_is_exact_anywhere(format: str) -> None:
    data = ANYWHERE[format]()
    assert claims(b"x" * 777 + data + b"y" * 99) == [(777, len(data), format)]
    assert claims(data) == [(0, len(data), format)]


@pytest.mark.parametrize("format", STARTS)
def test_extent_is_exact_at_a_start_and_in_a_gap(format: str) -> None:
    data = STARTS[format]()
    assert claims(data + b"\0" * 99) == [(0, len(data), format)]
    before = sound.wave()
    assert claims(before + data + b"\0" * 99) == [(0, len(before), "wav"), (len(before), len(data), format)]
    assert claims(b"x" * 777 + data) == []


@pytest.mark.parametrize("format", EVERY)
def test_what_is_cut_is_never_claimed_beyond_its_bytes(format: str) -> None:
    data = EVERY[format]()
    for size in range(0, len(data), max(1, len(data) // 40)):
        assert all(offset + length <= size for offset, length, _ in claims(data[:size]))


def test_chunks_may_lie_about_the_form() -> None:
    data = sound.wave()
    assert claims(sound.wave(size=0) + b"\xff") == [(0, len(data), "wav")]  # open: as far as chunks go
    assert claims(sound.wave(size=20)) == [(0, len(data), "wav")]
    odd = sound.wave(samples=bytes(9))
    assert claims(odd + b"\0") == [(0, len(odd), "wav")]
    unpadded = bytearray(odd[:-1])
    unpadded[4:8] = (len(unpadded) - 8).to_bytes(4, "little")
    assert claims(bytes(unpadded)) == [(0, len(unpadded), "wav")]
    assert claims(bytes(unpadded) + b"\xff") == [(0, len(unpadded), "wav")]
    assert claims(bytes(unpadded) + b"\0") == [(0, len(unpadded) + 1, "wav")]


def test_64_bit_sizes_of_a_form() -> None:
    samples = bytes(range(40))
    fmt = sound.chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8))
    sizes = sound.chunk(b"ds64", struct.pack("<QQQI", 4 + 36 + 24 + 48, len(samples), 40, 0))
    data = b"RF64\xff\xff\xff\xffWAVE" + sizes + fmt + b"data\xff\xff\xff\xff" + samples
    assert claims(b"x" + data + b"y") == [(1, len(data), "wav")]


def test_parts_of_a_long_video_belong_to_it() -> None:
    data = sound.avi() + sound.form(b"RIFF", b"AVIX", sound.chunk(b"LIST", b"movi" + sound.chunk(b"00dc", b"frame")))
    assert claims(data + b"RIFF") == [(0, len(data), "avi")]


def test_sizes_of_frames_in_tags_as_some_writers_have_them() -> None:
    long = bytes(range(1, 201))
    wrong_3 = sound.id3(sound.id3_frame(b"PRIV", long, 4), sound.id3_frame(b"TIT2", b"\0x"), version=3)
    wrong_4 = sound.id3(sound.id3_frame(b"PRIV", long, 3), sound.id3_frame(b"TIT2", b"\0x"), version=4)
    for tag in (wrong_3, wrong_4):
        data = tag + sound.mpeg_frames(4)
        assert claims(data) == [(0, len(data), "mp3")]
        assert rooms(data) == [(long, "private")]


def test_one_tagged_file_behind_another_is_two() -> None:
    one = TAGGED + sound.mpeg_frames(5)
    assert claims(one + one) == [(0, len(one), "mp3"), (len(one), len(one), "mp3")]


def test_a_tag_alone_is_nothing_and_tells_before_another_format() -> None:
    assert not list(rorqual.scan(TAGGED + bytes(99), analyzers=PROBES))
    report = rorqual.scan(TAGGED + sound.flac(), analyzers=PROBES)
    assert [finding.kind for finding in report if finding.kind != "gap"].count("id3_tag") == 1
    assert claims(TAGGED + sound.flac()) == [(len(TAGGED), len(sound.flac()), "flac")]


@pytest.mark.parametrize(
    "tail", [sound.ape_tag(), sound.ape_tag(header=False), b"LYRICSBEGINla la la000019LYRICS200", sound.id3v1()]
)
def test_tags_behind_the_audio(tail: bytes) -> None:
    data = sound.mpeg_frames(9) + tail
    assert claims(data + b"y") == [(0, len(data), "mp3")]
    assert rooms(data) == [(tail, "metadata")]


def test_pictures_and_objects_are_children() -> None:
    frames = (
        sound.id3_frame(b"APIC", b"\1image/png\0\3" + "kövér".encode("utf-16") + b"\0\0PICTURE"),
        sound.id3_frame(b"GEOB", b"\0text/plain\0a.txt\0what\0OBJECT"),
    )
    report = rorqual.scan(sound.id3(*frames) + sound.mpeg_frames(4), analyzers=PROBES)
    assert [(child.size, child.name) for child in report.children if child.name] == [(7, "kövér"), (6, "a.txt")]


class Bits:
    """Bits, most significant first."""

    def __init__(self) -> None:
        self.text = ""

    def add(self, value: int, width: int) -> None:
        self.text += f"{value:0{width}b}" if width else ""

    def bytes(self) -> bytes:
        padded = self.text + "0" * (-len(self.text) % 8)
        return int("1" + padded, 2).to_bytes(len(padded) // 8 + 1, "big")[1:]


def rice(bits: Bits, block: int, order: int) -> None:
    """A residual of two partitions, the second escaped to 3 bits a sample."""
    bits.add(0, 2)
    bits.add(1, 4)
    bits.add(2, 4)
    for number in range(block // 2 - order):
        bits.add(1, 1 + number % 9)
        bits.add(number % 4, 2)
    bits.add(15, 4)
    bits.add(3, 5)
    for number in range(block // 2):
        bits.add(number % 8, 3)


def test_last_frame_is_walked_to_its_end() -> None:
    block = 192
    bits = Bits()
    bits.add(0b0_001001_0, 8)  # fixed, of order 1
    bits.add(0x1234, 16)
    rice(bits, block, 1)
    bits.add(0b0_100001_1, 8)  # linear prediction of order 2, with a wasted bit
    bits.add(1, 1)
    bits.add(0x1234, 2 * 15)
    bits.add(4, 4)
    bits.add(0, 5)
    bits.add(0, 2 * 5)
    rice(bits, block, 2)
    head = b"\xff\xf8\x19\x18\0"
    head += bytes([crc(head, 0x07, 8)])
    frame = head + bits.bytes()
    frame += crc(frame, 0x8005, 16).to_bytes(2, "big")
    header = frame_header(frame)
    assert header is not None
    assert frame_size(frame + b"\xff\xf8 and more", header, 16) == len(frame)
    assert frame_size(frame[:-1], header, 16) is None
    packed = (44_100 << 44 | 1 << 41 | 15 << 36 | block).to_bytes(8, "big")
    info = struct.pack(">HH", block, block) + bytes(6) + packed + bytes(16)
    data = b"fLaC\x80\0\0\x22" + info + frame
    assert claims(b"x" + data + bytes(99)) == [(1, len(data), "flac")]


def test_streams_side_by_side_are_one_file() -> None:
    second = sound.ogg_page(b"OpusHead\1\1\0\0\x80\xbb\0\0\0\0\0", serial=8, flags=2)
    data = sound.vorbis(second, sound.ogg_page(b"end", serial=8, number=1, flags=4))
    assert claims(b"x" * 9 + data + b"y") == [(9, len(data), "vorbis")]


def test_boxes_of_64_bits_and_to_the_end() -> None:
    data = video.box(b"ftyp", b"mp42" + bytes(4)) + video.movie() + video.box(b"mdat", b"samples", wide=True)
    assert claims(b"x" + data + b"y" * 9) == [(1, len(data), "mp4")]
    fragments = video.box(b"ftyp", b"iso5" + bytes(4)) + video.movie(video.box(b"mvex")) + video.box(b"moof") * 2
    assert claims(fragments) == [(0, len(fragments), "mp4")]


def test_clusters_of_unknown_size() -> None:
    cluster = video.element(0x1F43B675, video.element(0xE7, b"\1") + video.element(0xA3, b"\x81\0\0\x80frame"), wide=0)
    data = video.matroska(cluster, cluster, open_size=True)
    assert claims(data + b"PK\3\4") == [(0, len(data), "matroska")]


def test_long_transport_streams_are_not_read_whole() -> None:
    data = video.transport(100_000)
    assert claims(data + b"after") == [(0, len(data), "mpegts")]


def test_ogg_deep_in_data_is_found() -> None:
    data = sound.vorbis()
    report = rorqual.scan(bytes(70_000) + data + b"behind it")
    assert report.complete
    assert [(one.offset, one.size) for one in report.findings("claim") if not one.place] == [(70_000, len(data))]
