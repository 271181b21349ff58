"""Measures of histograms, and the windows' grid of them."""

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rorqual.histogram import MAP_BINS, byte_counts, chi_square, coarser, entropy, map_width, measure
from rorqual.kernels import histogram
from rorqual.sdk import Window

unhurried = settings(deadline=None)


@unhurried
@given(st.integers(0, 1 << 50))
def test_map_width_is_the_smallest_that_fits(end: int) -> None:
    width = map_width(end)
    assert width >= 256
    assert width.bit_count() == 1
    assert -(-end // width) <= MAP_BINS
    assert width == 256 or -(-end // (width // 2)) > MAP_BINS


@unhurried
@given(st.binary(max_size=2000))
def test_byte_counts_are_plain_counts(data: bytes) -> None:
    assert byte_counts(histogram(data)) == tuple(Counter(data)[value] for value in range(256))


@unhurried
@given(st.binary(min_size=1, max_size=3000))
def test_measures_agree_with_their_definitions(data: bytes) -> None:
    one, counts, size = measure(histogram(data)), Counter(data), len(data)
    assert one.size == size
    assert one.entropy == pytest.approx(-sum(n / size * math.log2(n / size) for n in counts.values()), abs=1e-6)
    assert one.chi_square == pytest.approx(sum((counts[v] - size / 256) ** 2 / (size / 256) for v in range(256)))
    assert one.mean == pytest.approx(sum(data) / size)
    assert one.printable == pytest.approx(sum(b in b"\t\n\r" or 0x20 <= b < 0x7F for b in data) / size)
    assert one.zero == data.count(0) / size


def test_ends_of_the_scale() -> None:
    assert measure(0)[1:] == (0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert entropy(histogram(b"z" * 1000)) == 0.0
    assert entropy(histogram(bytes(range(256)) * 3)) == pytest.approx(8.0, abs=1e-6)
    assert chi_square(histogram(bytes(range(256)) * 3)) == 0.0
    assert chi_square(histogram(bytes(256))) == 255 * 256


def test_sources_of_many_terabytes_keep_their_precision() -> None:
    uniform = sum((1 << 40) << (64 * value) for value in range(256))
    assert (measure(uniform).size, measure(uniform).chi_square) == (1 << 48, 0.0)
    assert entropy(uniform) == pytest.approx(8.0)


@unhurried
@given(st.integers(0, 40), st.lists(st.integers(0, 9), min_size=1, max_size=50), st.sampled_from([1, 2, 4, 8]))
def test_coarser_bins_hold_the_same_bytes(first: int, values: list[int], factor: int) -> None:
    expected: Counter[int] = Counter()
    for index, value in enumerate(values, first):
        expected[index // factor] += value
    made = list(coarser(first, values, factor))
    assert dict(enumerate(made, first // factor)) == expected


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Windows anywhere, with a start, an end or both off the grid, and often within one cell of it."""
    size = draw(st.integers(0, 3000))
    near = draw(st.sampled_from([0, 256, 262_144, 524_288, 1 << 30, 1 << 40]))
    return Window(
        max(0, near + draw(st.integers(-3000, 3000))), draw(st.randoms(use_true_random=False)).randbytes(size)
    )


@unhurried
@given(windows(), st.data())
def test_a_windows_histogram_is_a_plain_count(window: Window, data: st.DataObject) -> None:
    borders = [window.offset, window.end, -(-window.offset // window.width) * window.width]
    places = st.one_of(
        st.sampled_from([b for b in borders if window.offset <= b <= window.end]),
        st.integers(window.offset, window.end),
    )
    start, end = sorted((data.draw(places), data.draw(places)))
    plain = Counter(bytes(window.data)[start - window.offset : end - window.offset])
    assert byte_counts(window.histogram(start, end)) == tuple(plain[value] for value in range(256))


@unhurried
@given(windows())
def test_pieces_lie_on_the_grid(window: Window) -> None:
    sizes = [sum(byte_counts(piece)) for piece in window.pieces()]
    cells = range(window.offset // window.width, -(-window.end // window.width)) if sizes else ()
    assert sizes == [
        min(window.end, (cell + 1) * window.width) - max(window.offset, cell * window.width) for cell in cells
    ]
