"""Compressed streams, where the corpus does not show it: exact extents anywhere, what decodes, what is refused."""

import bz2
import hashlib
import lzma
import random

import pytest

import rorqual
from rorqual.analyzers.formats.streams import compress, lz4
from rorqual.analyzers.formats.streams.lz4_blocks import unpack, xxh32
from rorqual.sdk import Claim, Malformed
from tests.builders import streams
from tests.builders.probing import view_of
from tests.cases import handed_on

TEXT = b"".join(b"%d whales eat what is small and many\n" % (number * 77) for number in range(400))
NOISE = random.Random(5).randbytes(30_000)

STREAMS: dict[str, bytes] = {
    "bzip2": bz2.compress(TEXT),
    "bzip2-blocks": bz2.compress(NOISE * 8, 1),
    "bzip2-empty": bz2.compress(b""),
    "xz": lzma.compress(TEXT),
    "xz-empty": lzma.compress(b""),
    "xz-none": lzma.compress(NOISE, check=lzma.CHECK_NONE),
    "lzma": lzma.compress(TEXT, lzma.FORMAT_ALONE),
    "lzip": streams.lzip(TEXT),
    "zstd": streams.zstd(TEXT[:1000]),
    "lz4": streams.lz4(streams.lz4_block(b"krill-", 9)),
}


def extents(data: bytes) -> list[tuple[int, int, str]]:
    claims = (one for one in rorqual.scan(data).findings("claim") if not one.place)
    return [(one.offset, one.size, one.body.format) for one in claims if isinstance(one.body, Claim)]


@pytest.mark.parametrize("name", STREAMS)
def test_an_extent_is_exact_wherever_it_is(name: str) -> None:
    stream, format_id = STREAMS[name], name.partition("-")[0]
    assert extents(stream) == [(0, len(stream), format_id)]
    assert extents(b"x" * 777 + stream + b"y" * 99) == [(777, len(stream), format_id)]


@pytest.mark.parametrize("name", STREAMS)
def test_one_byte_less_is_no_extent(name: str) -> None:
    assert extents(STREAMS[name][:-1]) == []


@pytest.mark.parametrize("name", ["bzip2", "xz", "lzma", "lzip"])
def test_the_child_is_the_content(name: str) -> None:
    report = rorqual.scan(b"x" * 777 + STREAMS[name] + b"y" * 99)
    assert [child.digests[-1].value for child in handed_on(report)] == [hashlib.sha256(TEXT).hexdigest()]


@pytest.mark.parametrize("shift", range(8))
def test_the_marks_of_bzip2_are_found_at_any_bit(shift: int) -> None:
    """The length of a block decides at which bit the next begins; some of these sizes make each of them."""
    found = {len(bz2.compress(NOISE[: 500 + size])) for size in range(8 * shift, 8 * shift + 8)}
    for size in range(8 * shift, 8 * shift + 8):
        stream = bz2.compress(NOISE[: 500 + size])
        assert extents(stream + b"after") == [(0, len(stream), "bzip2")]
    assert found


@pytest.mark.parametrize("bits", [9, 10, 12, 16])
def test_codes_of_compress(bits: int) -> None:
    for content in (TEXT, NOISE, b"a" * 5000, b"a"):
        packed = streams.compress(content, bits)
        assert b"".join(compress.decode(view_of(packed, fuel=1 << 40))) == content


def test_blocks_of_lz4() -> None:
    assert unpack(b"\x51small\x01\x00\x50whale", b"", 100, 0) == b"small" + b"l" * 5 + b"whale"
    assert unpack(b"\x02\x05\x00\x50whale", b"krill", 100, 0) == b"krillk" + b"whale"
    with pytest.raises(Malformed):
        unpack(b"\x51small\x09\x00", b"", 100, 0)
    with pytest.raises(Malformed):
        unpack(b"\x1fa\x01\x00" + b"\xff" * 9 + b"\x00", b"", 100, 0)


def test_linked_blocks_of_lz4_have_a_history() -> None:
    frame = streams.lz4(streams.lz4_block(b"krill-", 9), b"\x02\x05\x00\x50whale", flags=0x40)
    assert b"".join(lz4.decode(view_of(frame))) == b"krill-" + b"-" * 9 + b"whale" + b"whalew" + b"whale"


def test_xxh32_is_that_of_the_specification() -> None:
    assert xxh32(b"") == 0x02CC5D05
    assert xxh32(b"a") == 0x550D7456
    assert xxh32(b"abc") == 0x32D153FF
    assert xxh32(b"Nobody inspects the spammish repetition") == 0xE2293B2F


def test_a_large_dictionary_is_refused_where_it_is_needed() -> None:
    stream = bytearray(lzma.compress(random.Random(6).randbytes(1_200_000), lzma.FORMAT_ALONE, preset=0))
    stream[1:5] = (1 << 30).to_bytes(4, "little")
    report = rorqual.scan(bytes(stream))
    assert not report.complete
    assert [one.kind for one in report if one.analyzer == "lzma"] == ["lzma_stream", "limit_reached"]


def test_zstd_without_its_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    report = rorqual.scan(STREAMS["zstd"])
    assert not report.complete
    assert not report.children
