"""The ledger: what was not seen, why, and that the rest was."""

from hypothesis import given
from hypothesis import strategies as st

from rorqual.findings.ledger import Fault, Ledger, Reason, State, merged


def test_what_is_not_missed_was_seen() -> None:
    ledger = Ledger()
    ledger.miss((), "pe", Reason.LIMIT, 10, 20)
    ledger.miss((), "pe", Reason.LIMIT, 20, 25)
    ledger.close((), 100, ["pe", "md5"])
    lines = [(line.analyzer, line.state, line.reason, line.ranges) for line in ledger]
    assert lines == [
        ("md5", State.SEEN, "", ((0, 100),)),
        ("pe", State.MISSED, "limit", ((10, 15),)),
        ("pe", State.SEEN, "", ((0, 10), (25, 75))),
    ]
    assert not ledger.complete


def test_what_is_closed_to_everyone_is_stated_and_complete() -> None:
    ledger = Ledger()
    ledger.opaque((), "zip", "encrypted", 0, 50)
    ledger.close((), 50, ["zip"])
    assert [line.to_dict() for line in ledger] == [
        {"analyzer": "zip", "place": "/", "state": "opaque", "ranges": [[0, 50]], "reason": "encrypted"}
    ]
    assert ledger.complete


def test_an_empty_source_was_seen_by_all() -> None:
    ledger = Ledger()
    ledger.close((), 0, ["md5"])
    assert [(line.state, line.ranges) for line in ledger] == [(State.SEEN, ())]
    assert ledger.complete


def test_a_fault_is_told_and_its_bytes_are_missed() -> None:
    ledger = Ledger()
    fault = Fault((), 5, "pe", Reason.FAULT, "ValueError: x")
    ledger.fault(fault, start=5, end=6)
    ledger.fault(fault, start=5, end=6)
    assert ledger.faults == (fault,)
    assert not ledger.complete


def test_a_source_told_of_elsewhere_is_forgotten() -> None:
    ledger = Ledger()
    place = ((5, "gzip"),)
    ledger.fault(Fault(place, 5, "pe", Reason.FAULT, "x"), start=5, end=6)
    ledger.close(place, 10, ["pe"])
    ledger.drop(place)
    assert list(ledger) == []
    assert ledger.faults == ()
    assert ledger.complete


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda one: (one[0], one[0] + one[1])))


@given(spans)
def test_merged_ranges_cover_the_same_bytes(ranges: list[tuple[int, int]]) -> None:
    def covered(some: list[tuple[int, int]]) -> set[int]:
        return {at for start, end in some for at in range(start, end)}

    joined = list(merged(ranges))
    assert covered(joined) == covered(ranges)
    assert all(one[1] < two[0] for one, two in zip(joined, joined[1:], strict=False))


@given(spans, st.integers(0, 90))
def test_seen_and_missed_are_all_and_do_not_overlap(ranges: list[tuple[int, int]], size: int) -> None:
    ledger = Ledger()
    inside = [(start, min(end, size)) for start, end in ranges if start < min(end, size)]
    for start, end in inside:
        ledger.miss((), "pe", Reason.FAULT, start, end)
    ledger.close((), size, ["pe"])
    bytes_of = {
        line.state: [at for offset, length in line.ranges for at in range(offset, offset + length)] for line in ledger
    }
    seen, missed = bytes_of.get(State.SEEN, []), bytes_of.get(State.MISSED, [])
    assert sorted(seen + missed) == list(range(size))
