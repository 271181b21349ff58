"""The kernels equal their oracles, and refuse what is not a buffer of bytes in a row."""

import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rorqual import kernels, oracles
from rorqual.oracles import LANES

native = pytest.importorskip("rorqual._kernels", reason="built without a C compiler")

unhurried = settings(deadline=None)


def planted(seed: int, size: int) -> bytes:
    """Random bytes in which periodic stretches of all kinds lie, some over others."""
    dice = random.Random(seed)
    data = bytearray(dice.randbytes(size))
    for _ in range(dice.randrange(6)):
        unit = dice.randbytes(dice.choice((1, 1, 2, 3, 8, 16, 63, 64, 65)))
        at, length = dice.randrange(size + 1), dice.choice((100, 127, 128, 129, 300, 4095, 4096, 4097, size))
        data[at : at + length] = (unit * (length // len(unit) + 1))[: max(0, min(length, size - at))]
    return bytes(data)


chunks = st.one_of(
    st.binary(max_size=600),
    st.builds(planted, st.integers(0, 1 << 32), st.integers(0, 20_000)),
    st.builds(lambda unit, size: (unit * size)[:size], st.binary(min_size=1, max_size=70), st.integers(0, 9000)),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 200)), max_size=30).map(
        lambda runs: b"".join(bytes([value]) * size for value, size in runs)
    ),
)


@unhurried
@given(chunks, st.integers(0, 5000), st.integers(1, 9000))
def test_histograms_equal_the_oracle(data: bytes, lead: int, width: int) -> None:
    data = data[: 100 * width]
    assert native.histograms(data, lead, width) == oracles.histograms(data, lead, width)


@unhurried
@given(
    chunks,
    st.sampled_from([(4096, 64), (256, 64), (128, 32), (8, 2), (12, 3), (4, 1), (9, 2), (300, 64), (1 << 40, 7)]),
)
def test_runs_equal_the_oracle(data: bytes, scale: tuple[int, int]) -> None:
    assert native.periodic_runs(data, *scale) == oracles.periodic_runs(data, *scale)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 1 << 32), st.sampled_from([(16_384, 4096), (20_000, 5000), (1 << 16, 9000)]))
def test_long_periods_equal_the_oracle(seed: int, scale: tuple[int, int]) -> None:
    dice = random.Random(seed)
    parts = []
    for _ in range(dice.randrange(1, 5)):
        unit = bytearray(dice.randrange(1, 7000))  # mostly zeros: many a shift looks like a period
        for _ in range(dice.randrange(4)):
            unit[dice.randrange(len(unit))] = dice.randrange(3)
        parts.append((bytes(unit) * 40)[: dice.randrange(70_000)])
    data = b"".join(parts)
    assert native.periodic_runs(data, *scale) == oracles.periodic_runs(data, *scale)


marked = st.one_of(
    chunks,
    st.lists(st.sampled_from([b"\x04", b"\x13", b"43", b"ds", b"\0" * 40, b"seldom"]), max_size=3000).map(b"".join),
    st.builds(lambda seed, size: random.Random(seed).randbytes(size), st.integers(0, 99), st.integers(0, 60_000)),
)


@unhurried
@given(marked, st.lists(st.integers(0, 70_000), max_size=6))
def test_landmarks_equal_the_oracle_in_any_cut(data: bytes, cuts: list[int]) -> None:
    whole = oracles.landmarks(data, b"")
    assert native.landmarks(data, b"") == whole
    state, found = b"", []
    for start, end in pairwise(sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})):
        piece = data[start:end]
        after = native.landmarks(piece, state)
        assert after == oracles.landmarks(piece, state)
        state, numbers = after[0], memoryview(after[1]).cast("Q").tolist()
        found += [(start + place, number) for place, number in zip(numbers[::2], numbers[1::2], strict=True)]
    assert not data or state == whole[0]
    numbers = memoryview(whole[1]).cast("Q").tolist()
    assert found == list(zip(numbers[::2], numbers[1::2], strict=True))


def test_landmarks_stand_at_the_same_places_of_each_copy() -> None:
    block = random.Random(3).randbytes(200_001)
    _, numbers = kernels.landmarks(block * 3, b"")
    places = [(place, number) for place, number in zip(numbers[::2], numbers[1::2], strict=True)]
    first, second, third = ([one for one in places if at * 200_001 < one[0] <= (at + 1) * 200_001] for at in range(3))
    assert len(second) > 8
    assert [(place + 200_001, number) for place, number in second] == third
    assert [place + 200_001 for place, _ in first if place > 5000] == [place for place, _ in second if place > 205_001]
    distances = [b - a for (a, _), (b, _) in pairwise(places)]
    assert min(distances) >= oracles.MARK_GAP


@unhurried
@given(st.lists(st.sampled_from([0, 1, 2, 3, 255, 256, 65_537, 10_000_019]), min_size=256, max_size=256))
def test_moments_equal_the_oracle(counts: list[int]) -> None:
    lanes = LANES.pack(*counts)
    assert native.moments(lanes) == oracles.moments(lanes)


@unhurried
@given(st.binary(max_size=300), st.integers(0, 1 << 20))
def test_word_sums_equal_the_oracle(data: bytes, more: int) -> None:
    data = data + b"\xff\xfe" * (more // 2) + data
    assert native.word_sum(data) == oracles.word_sum(data) == sum(b << 8 * (i % 2) for i, b in enumerate(data))


atoms = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(1 << 64), 1 << 64)
    | st.floats()
    | st.text(st.characters(), max_size=9)
    | st.sampled_from(['"\\/\b\f\n\r\t\x00\x1f\x7f\x80\u07ff\u0800\uffff\U00010000\U0010ffff', "\ud800", "\udfff"])
    | st.binary(max_size=9)
)
fields = atoms | st.lists(atoms, max_size=4) | st.lists(atoms | st.tuples(atoms), max_size=4).map(tuple)


@unhurried
@given(st.lists(st.tuples(fields, fields, fields), max_size=5).map(tuple), st.permutations([0, 1, 2]))
def test_records_equal_the_oracle(rows: tuple[tuple[object, ...], ...], order: list[int]) -> None:
    heads, places = (b'"a":', b'"%s":', b""), bytes(order)
    assert native.records(heads, places, rows, ascii) == oracles.records(heads, places, rows, ascii)


CHARACTERS = ("a", "é", "€", "😀", "abc" * 30, "и мир" * 20, "漢字" * 30, "\r\n", "\r")
SCRAPS = [
    "80",
    "c0 80",
    "c3",
    "e0 80",
    "e2 82",
    "ed",
    "ed 9f",
    "ed a0",
    "ed a0 80",
    "f0 8f",
    "f0 90 80",
    "f4 90",
    "f5",
    "ff",
]
encoded = st.lists(st.sampled_from(CHARACTERS), max_size=12).map(lambda parts: "".join(parts).encode())


@unhurried
@given(encoded, st.sampled_from([b"", *map(bytes.fromhex, SCRAPS)]), encoded, st.integers(0, 200), st.integers(0, 200))
def test_utf8_and_line_ends_equal_the_oracle(before: bytes, scrap: bytes, behind: bytes, cut: int, rest: int) -> None:
    data = (before + scrap + behind)[cut:]
    data = data[: len(data) - rest] if rest < len(data) else data
    assert native.utf8_prefix(data) == oracles.utf8_prefix(data)
    assert native.crlf_pairs(data) == oracles.crlf_pairs(data) == data.count(b"\r\n")


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 100_000])
def test_line_ends_of_any_number(size: int) -> None:
    for data in (b"\r\n" * size, b"\n" * size, b"\r" * size, (b"\r\n" * size)[1:]):
        assert native.crlf_pairs(data) == oracles.crlf_pairs(data)


def test_every_character_and_every_pair_of_bytes_as_the_codec_has_it() -> None:
    for lead in range(64):  # where in a stretch it lies
        data = b" " * lead + bytes(range(0x80)) + "".join(map(chr, range(0x80, 0xD800, 37))).encode()
        assert native.utf8_prefix(data) == (len(data), False)
    for first in range(0x80, 0x100):
        for second in range(0x100):
            for behind in (b"", b"\x80", b"\x80\x80", b" " * 70):
                data = b" " * 64 + bytes([first, second]) + behind
                assert native.utf8_prefix(data) == oracles.utf8_prefix(data)


def test_moments_of_four_gigabytes_and_more_come_from_the_oracle() -> None:
    fits, one_more = LANES.pack((1 << 32) - 1, *[0] * 255), LANES.pack((1 << 32) - 1, 1, *[0] * 254)
    assert native.moments(fits) == oracles.moments(fits)
    for lanes in (one_more, LANES.pack(*[1 << 40] * 256)):
        with pytest.raises(OverflowError):
            native.moments(lanes)
        assert kernels.moments(lanes) == oracles.moments(lanes)


@pytest.mark.parametrize("lanes", [b"", bytes(2047), bytes(2049)])
def test_moments_want_a_whole_histogram(lanes: bytes) -> None:
    with pytest.raises(ValueError, match="2048"):
        native.moments(lanes)


@pytest.mark.parametrize("shift", range(9))
def test_misaligned_buffers(shift: int) -> None:
    data = planted(7, 30_000) + bytes(5000)
    moved = memoryview(bytes(shift) + data)[shift:]
    assert native.histograms(moved, 100, 8192) == native.histograms(data, 100, 8192)
    assert native.periodic_runs(moved, 4096, 64) == native.periodic_runs(data, 4096, 64)


class Kernels(Protocol):
    def histograms(self, data: oracles.Bytes, lead: int, width: int, /) -> bytes: ...
    def landmarks(self, data: oracles.Bytes, state: oracles.Bytes, /) -> tuple[bytes, bytes]: ...
    def periodic_runs(self, data: oracles.Bytes, min_length: int, max_period: int, /) -> list[oracles.Span]: ...
    def records(
        self,
        heads: tuple[bytes, ...],
        order: bytes,
        rows: tuple[tuple[object, ...], ...],
        other: Callable[[object], str],
        /,
    ) -> str: ...


@pytest.mark.parametrize("module", [native, oracles])
class TestArguments:
    def test_any_contiguous_buffer_will_do(self, module: Kernels) -> None:
        data = bytes(range(256)) * 20
        wide = memoryview(data).cast("I")
        table = memoryview(data).cast("B", (20, 256))
        for buffer in (data, bytearray(data), memoryview(data), memoryview(bytearray(data)), wide, table):
            assert module.histograms(buffer, 0, 5120) == LANES.pack(*[20] * 256)
            assert module.periodic_runs(buffer, 4096, 64) == []

    def test_gaps_are_refused(self, module: Kernels) -> None:
        with pytest.raises(BufferError):
            module.histograms(memoryview(bytes(100))[::2], 0, 1)
        with pytest.raises(BufferError):
            module.periodic_runs(memoryview(bytes(10_000))[::-1], 4096, 64)

    @pytest.mark.parametrize("value", ["text", 7, None, [1, 2]])
    def test_what_is_no_buffer_is_refused(self, module: Kernels, value: bytes) -> None:
        with pytest.raises(TypeError):
            module.histograms(value, 0, 1)
        with pytest.raises(TypeError):
            module.periodic_runs(value, 4096, 64)

    @pytest.mark.parametrize(("lead", "width"), [(-1, 1), (0, 0), (0, -5)])
    def test_lengths_of_histograms(self, module: Kernels, lead: int, width: int) -> None:
        with pytest.raises(ValueError, match="must"):
            module.histograms(b"abc", lead, width)

    def test_rows_of_records(self, module: Kernels) -> None:
        assert module.records((), b"", ((),), str) == "{}"
        assert module.records((b"a",), b"\0", (), str) == ""
        with pytest.raises(TypeError):
            module.records((b"a", b"b"), b"\0", ((1,),), str)
        with pytest.raises(TypeError):
            module.records((b"a",), b"\0", ("x",), str)  # type: ignore[arg-type]  # that is the point
        with pytest.raises(IndexError):
            module.records((b"a",), b"\1", ((1,),), str)
        with pytest.raises(ZeroDivisionError):
            module.records((b"a",), b"\0", (((1, []),),), lambda _: str(1 / 0))

    def test_states_of_landmarks(self, module: Kernels) -> None:
        with pytest.raises(ValueError, match="96"):
            module.landmarks(b"abc", b"short")
        with pytest.raises(TypeError):
            module.landmarks("text", b"")  # type: ignore[arg-type]  # that is the point

    @pytest.mark.parametrize(
        ("length", "period"), [(4096, 0), (1 << 20, (1 << 17) + 1), (255, 64), (0, 1), (-1, 1), (3, 1)]
    )
    def test_lengths_of_runs(self, module: Kernels, length: int, period: int) -> None:
        with pytest.raises(ValueError, match="must"):
            module.periodic_runs(b"abc", length, period)


def test_pieces() -> None:
    data = b"aabbbcccc"
    expected = [Counter(b"aa"), Counter(b"bbb"), Counter(b"ccc"), Counter(b"c")]
    assert [as_counter(h) for h in kernels.histograms(data, 2, 3)] == expected
    assert [as_counter(h) for h in kernels.histograms(data, 100, 3)] == [Counter(data)]
    assert kernels.histograms(b"", 5, 3) == ()
    assert kernels.histogram(b"") == 0
    assert sum(kernels.histograms(data, 2, 3)) == kernels.histogram(data)


def test_long_constant_stretches_are_counted() -> None:
    data = bytes(1 << 20) + b"\xff" * 12_345 + bytes(77)
    assert as_counter(kernels.histogram(data)) == Counter({0: (1 << 20) + 77, 255: 12_345})


def as_counter(histogram: int) -> Counter[int]:
    counts = LANES.unpack(histogram.to_bytes(LANES.size, "little"))
    return Counter({value: count for value, count in enumerate(counts) if count})
