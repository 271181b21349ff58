"""The ration keeps the best of a block, whoever brings the hits and in whatever order."""

import random

from hypothesis import given
from hypothesis import strategies as st

from rorqual.engine.candidates import Best, Block

hits = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 3), st.integers(0, 3)), max_size=60)


@given(hits, st.integers(0, 6), st.randoms(use_true_random=False), st.integers(0, 60))
def test_any_order_and_any_cut(found: list[tuple[int, int, int]], ration: int, chance: random.Random, cut: int) -> None:
    # The prefilter is a function of the place: one offset has one score.
    scores = {offset: score for offset, score, _ in found}
    found = [(offset, scores[offset], number) for offset, _, number in found]
    whole = Block()
    for offset, score, number in found:
        whole.add(0, offset, score, number, ration)
    mixed = list(found)
    chance.shuffle(mixed)
    one, two = Block(), Block()
    for block, part in ((one, mixed[:cut]), (two, mixed[cut:])):
        for offset, score, number in part:
            block.add(0, offset, score, number, ration)
    one.merge(two, ration)
    assert one.best[0].chosen(ration) == whole.best[0].chosen(ration)
    assert one.best[0].passed == whole.best[0].passed == len(found)
    assert (len(one.best[0].kept) > ration) == (len(scores) > ration)


@given(hits, st.integers(0, 6))
def test_the_best_are_chosen(found: list[tuple[int, int, int]], ration: int) -> None:
    best = Best()
    scores = {offset: score for offset, score, _ in found}
    for offset, _, number in found:
        best.add(offset, scores[offset], number, ration)
    ranked = sorted(scores, key=lambda offset: (-scores[offset], offset))
    assert [offset for offset, _ in best.chosen(ration)] == sorted(ranked[:ration])
    assert len(best.kept) <= ration + 1
