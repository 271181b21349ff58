"""The entropy map: classes of known bytes, columns of the grid, runs, and one result for any cut."""

import bz2
import gzip
import lzma
import random
import zlib
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rorqual.analyzers.folds.classes import LEGEND
from rorqual.analyzers.folds.entropy import Entropy, EntropyMap, PaddingRun
from rorqual.findings.record import canonical
from rorqual.histogram import map_width
from rorqual.sdk import Finding, Window

PROSE = (
    "When in the course of human events it becomes necessary for one people to dissolve the political bands "
    "which have connected them with another, a decent respect to the opinions of mankind requires it.\n"
)
RUSSIAN = "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.\n"
NAMES = dict(LEGEND)
WORDS = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "index",
    "total",
    "length",
    "offset",
    "record",
    "name",
    "12",
    "7",
    "305",
]


def scan(data: bytes, *cuts: int) -> list[Finding]:
    fold = Entropy()
    found: list[Finding] = []
    for start, end in pairwise((0, *sorted(cuts), len(data))):
        fold.feed(Window(start, data[start:end]))
        found += fold.drain(())
    return [*found, *fold.finish(())]


def bins(data: bytes) -> EntropyMap:
    body = scan(data)[-1].body
    assert isinstance(body, EntropyMap)
    return body


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def report(size: int) -> bytes:
    dice = random.Random(size)
    return " ".join(dice.choices(WORDS, k=size // 5)).encode()


def opcodes(size: int) -> bytes:
    """Instructions of x86-64 in the mix that compilers emit."""
    dice = random.Random(5)
    common = """48 8b 45 f8|48 89 c7|e8 10 22 00 00|0f 85 20 01 00 00|48 83 ec 28|4c 8d 44 24 20|c3|85 c0
        41 8b 4c 24 08|74 1e|89 54 24 10|ff 15 aa 31 02 00|48 8d 0d 77 56 10 00|cc cc cc"""
    words = [bytes.fromhex(word) for word in common.replace("\n", "|").split("|")]
    return b"".join(dice.choice(words) if dice.random() < 0.6 else dice.randbytes(2) for _ in range(size // 3))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (bytes(300_000), "zero"),
        (b"\xcc" * 300_000, "constant"),
        (b"\xde\xad\xbe\xef" * 50_000, "periodic"),
        (b"A\0" * 50_000, "periodic"),
        ((PROSE * 300).encode(), "text"),
        (report(60_000), "text"),
        (report(60_000).decode().encode("utf-16-le"), "text"),
        ((RUSSIAN * 300).encode(), "text"),
        ((PROSE.replace("e", "é") * 300).encode("latin-1"), "text"),
        (noise(1 << 20), "random"),
        (noise(70_000), "random"),
        (noise(40_960), "compressed"),
        (lzma.compress(report(2_000_000)), "random"),
        (opcodes(200_000), "code-like"),
        (b"".join(n.to_bytes(4, "little") for n in range(0, 400_000, 7)), "data"),
    ],
)
def test_classes(data: bytes, expected: str) -> None:
    letters = [NAMES[letter] for letter in bins(data).bin_class]
    assert letters.count(expected) >= 0.9 * len(letters)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, bz2.compress], ids=["gzip", "zlib", "bzip2"])
def test_compressed_streams_are_told_from_random_bytes(pack: Callable[[bytes], bytes]) -> None:
    letters = bins(pack(report(1_000_000))).bin_class
    assert "r" not in letters
    assert letters.count("c") >= 0.9 * len(letters)


def test_random_bytes_beside_a_compressed_stream_are_told_apart() -> None:
    packed = gzip.compress(report(1_000_000), 1)
    body = bins(packed + noise(1 << 20))
    border = len(packed) // body.bin_width
    assert "r" not in body.bin_class[:border]
    assert body.bin_class[border:].count("r") >= 0.5 * len(body.bin_class[border:])


def test_an_empty_source() -> None:
    (finding,) = Entropy().finish(())
    assert (finding.offset, finding.size) == (0, 0)
    assert isinstance(finding.body, EntropyMap)
    assert (finding.body.entropy, finding.body.bin_entropy, finding.body.bin_class) == (0.0, (), "")


def test_columns() -> None:
    body = bins(b"A" * 256 + bytes(256) + bytes(range(256)) + b"\n")
    assert body.bin_width == 256
    assert body.bin_class == "=0c="
    assert body.bin_entropy == (0.0, 0.0, 8.0, 0.0)
    assert body.bin_mean == (65.0, 0.0, 127.5, 10.0)
    assert body.bin_printable == (1.0, 0.0, 0.3828, 1.0)
    assert body.bin_zero == (0.0, 1.0, 0.0039, 0.0)
    assert body.bin_chi_square == (65280.0, 65280.0, 0.0, 255.0)
    assert (body.mean, body.zero) == (64.1, 0.3342)


def test_a_bin_is_periodic_by_the_bytes_in_runs() -> None:
    body = bins(noise(0x1000) + b"ab" * 0x2000 + noise(0x3000))
    assert body.bin_width == 256
    assert body.bin_class[:16].count("~") == 0
    assert set(body.bin_class[16:80]) == {"~"}
    assert body.bin_class[80:].count("~") == 0


def test_runs_are_findings() -> None:
    data = b"head" + bytes(5000) + b"\0A" * 3000 + b"tail" + b"\xff" * 4096
    runs = [finding for finding in scan(data, 17, 5001, 5003) if finding.kind == "padding_run"]
    assert [(run.offset, run.size, run.body) for run in runs] == [
        (4, 5001, PaddingRun(1, "00")),
        (5004, 6000, PaddingRun(2, "0041")),
        (11_008, 4096, PaddingRun(1, "ff")),
    ]


samples = st.sampled_from(
    [
        noise(700) + bytes(9000) + PROSE.encode() * 40 + b"xyz" * 4000 + noise(3000),
        bytes(262_144) + noise(9000),
        b"ab" * 140_000,
        noise(100),
        b"",
    ]
)


@settings(deadline=None)
@given(samples, st.data())
def test_any_cut_in_any_bracketing_gives_the_same_findings(data: bytes, draws: st.DataObject) -> None:
    cuts = sorted(draws.draw(st.lists(st.integers(0, len(data)), max_size=8)))
    parts: list[Entropy] = []
    found: list[Finding] = []
    for start, end in pairwise((0, *cuts, len(data))):
        fold = Entropy().fresh()
        fold.feed(Window(start, data[start:end]))
        parts.append(fold)
    while len(parts) > 1:
        at = draws.draw(st.integers(0, len(parts) - 2))
        parts[at].merge(parts.pop(at + 1))
        if draws.draw(st.booleans()):
            found += parts[0].drain(())
    found += parts[0].finish(())
    assert sorted(map(key, found)) == sorted(map(key, scan(data)))


def key(finding: Finding) -> tuple[int, int, str]:
    return finding.offset, finding.size, canonical(finding.body)


def test_the_map_stays_bounded_as_the_source_grows() -> None:
    fold, at, page = Entropy(), 0, noise(1 << 16)
    for _ in range(100):
        fold.feed(Window(at, page))
        at += len(page)
        assert len(fold.bins) == len(fold.padded) <= 1024
        assert fold.width == map_width(at)


def test_a_span_far_into_the_source_holds_its_own_bins_only() -> None:
    fold = Entropy()
    fold.feed(Window((1 << 40) + 12_345, noise(100_000)))
    assert len(fold.bins) == 1
    assert fold.width == 1 << 31
