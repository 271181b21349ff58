"""What repeats is found with exact borders, whatever the period, the windows and the workers."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rorqual
from rorqual.analyzers.bloat.bodies import Filler
from rorqual.analyzers.bloat.probe import Bloat
from rorqual.analyzers.folds.filler import FillerFold, Filling
from rorqual.analyzers.folds.repeats import TABLE, Repeats
from rorqual.sdk import Region, Window

MIB = 1 << 20


def spotted(data: bytes, cuts: list[int]) -> Filling | None:
    """What the fold hands on of `data` in windows that are cut there."""
    fold = FillerFold()
    for start, end in pairwise([0, *sorted(cuts), len(data)]):
        fold.feed(Window(start, data[start:end]))
    said = list(fold.finish(()))
    if not said:
        return None
    assert isinstance(said[0], Region)
    context = said[0].context
    assert isinstance(context, Filling)
    return context


def fillers(data: bytes, **how: int) -> list[tuple[int, int, str, int | None, bool]]:
    """(offset, end, kind, period, exact) of each filler in a scan by these two analyzers."""
    report = rorqual.scan(data, analyzers=[FillerFold(), Bloat()], **how)  # type: ignore[arg-type]  # all are numbers
    assert report.complete and not report.faults
    told = [(one.offset, one.offset + one.size, one.body) for one in report]
    return [(a, b, body.filler, body.period, body.exact) for a, b, body in told if isinstance(body, Filler)]


@pytest.mark.parametrize("period", [65, 1000, 1024, 4096, 65_536, 131_072, 131_073, 200_001, 300_000, 1 << 20])
def test_blocks_are_found_to_the_byte(period: int) -> None:
    dice = random.Random(period)
    size = max(3 * period, MIB) + dice.randrange(period, 2 * period)
    block = dice.randbytes(period)
    filler = (block * (size // period + 1))[:size]
    before, after = dice.randbytes(dice.randrange(1, 70_000)), dice.randbytes(dice.randrange(1, 70_000))
    # The bytes beside must differ from what the period would have there.
    before = before[:-1] + bytes([block[-1] ^ 1])
    after = bytes([block[size % period] ^ 1]) + after[1:]
    expected = [(len(before), len(before) + size, "block", period, True)]
    data = before + filler + after
    assert fillers(data) == expected
    assert fillers(data, chunk_size=77_777, workers=3) == expected


@pytest.mark.parametrize("period", [MIB, 200_000])
def test_two_copies_are_no_filler(period: int) -> None:
    assert fillers(random.Random(5).randbytes(period) * 2) == []


def test_a_block_that_has_copies_inside() -> None:
    dice = random.Random(6)
    part = dice.randbytes(150_000)
    block = part + dice.randbytes(100_000) + part + dice.randbytes(250_000)
    data = dice.randbytes(1000) + block * 5
    found = fillers(data)
    assert [(kind, period) for _, _, kind, period, _ in found] == [("block", len(block))]
    assert found[0][1] == len(data)
    assert found[0][0] <= 1000 + len(part) + 100_000 or found[0][0] == 1000


def test_a_mebibyte_of_a_short_period_is_told_of_executables_only() -> None:
    assert fillers(bytes(2 * MIB)) == []
    assert fillers(b"MZ" + bytes(2 * MIB)) == [(2, 2 + 2 * MIB, "zero", 1, True)]
    assert fillers(b"\x7fELF" + b"ab" * MIB)[0][2:4] == ("period", 2)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 1 << 32),
    st.sampled_from([100, 5000, 140_000, 250_000]),
    st.lists(st.integers(1, 1_500_000), max_size=12),
)
def test_any_cut_gives_the_same(seed: int, period: int, cuts: list[int]) -> None:
    dice = random.Random(seed)
    data = dice.randbytes(100_000) + dice.randbytes(period) * (1_200_000 // period + 1) + dice.randbytes(100_000)
    whole = spotted(data, [])
    assert whole is not None and [one.period for one in whole.stretches] == [period]
    assert spotted(data, [cut for cut in cuts if cut < len(data)]) == whole


def test_windows_of_a_byte() -> None:
    data = random.Random(8).randbytes(300) * 3500 + b"end"
    start = len(data) - 3000
    assert spotted(data, list(range(start, len(data)))) == spotted(data, [])


def test_memory_of_landmarks_is_bounded() -> None:
    repeats = Repeats()
    piece = random.Random(9).randbytes(8 * MIB)
    for number in range(40):  # 320 MiB, no two pieces alike
        mixed = piece.translate(bytes((value + number) % 256 for value in range(256)))
        repeats.feed(memoryview(mixed), number * len(piece))
    assert len(repeats._last) <= TABLE


def test_drawn_bytes_of_few_values_and_of_all() -> None:
    dice = random.Random(10)
    few = dice.randbytes(9 * MIB).translate(bytes(b"abcdefgh"[value % 8] for value in range(256)))
    found = spotted(bytes(40_000) + few, [])
    assert found is not None and [one.uniform for one in found.drawn] == [False]
    found = spotted(bytes(40_000) + dice.randbytes(9 * MIB), [1000, 5 * MIB + 3])
    assert found is not None and [one.uniform for one in found.drawn] == [True]
    drifting = b"".join(
        few[at : at + 120_000].translate(bytes((value + at // 120_000) % 256 for value in range(256)))
        for at in range(0, len(few), 120_000)
    )
    assert spotted(drifting, []) is None
