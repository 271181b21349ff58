"""The journal: one order, each finding once, bounded memory."""

import random
import tempfile
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, ClassVar, NamedTuple, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rorqual.findings.journal import Journal
from rorqual.findings.record import Finding, Place


@dataclass(frozen=True, slots=True)
class Note:
    tag: ClassVar[str] = "note_in_tests"
    text: str


@dataclass(frozen=True)
class Wrong:
    tag: ClassVar[str] = "wrong_in_tests"
    thing: Any


class Row(NamedTuple):
    name: str
    value: object


def spill() -> BinaryIO:
    return cast(BinaryIO, tempfile.TemporaryFile(buffering=0))


def never() -> BinaryIO:
    raise AssertionError("nothing was to be spilled")


places: st.SearchStrategy[Place] = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["gzip", "zip"])), max_size=2
).map(tuple)
findings = st.builds(
    Finding,
    places,
    st.integers(0, 9),
    st.integers(0, 2),
    st.sampled_from(["a", "b"]),
    st.builds(Note, st.text(max_size=3)),
)


@given(st.lists(findings, max_size=60), st.sampled_from([0, 2000, 10**9]), st.randoms(use_true_random=False))
def test_order_is_that_of_the_findings_whatever_was_spilled(
    said: list[Finding], lease: int, chance: random.Random
) -> None:
    journal = Journal(lease, spill)
    for finding in said:
        journal.append(finding)
    order = [record[:5] for record in journal]
    assert order == sorted(set(order))
    assert {record.finding() for record in journal} == set(said)
    chance.shuffle(said)
    other = Journal(10**9, never)
    for finding in said:
        other.append(finding)
    assert [record[:5] for record in other] == order


@given(st.lists(findings, max_size=60), st.sampled_from([0, 2000, 10**9]))
def test_the_records_of_one_place(said: list[Finding], lease: int) -> None:
    journal = Journal(lease, spill)
    for finding in said:
        journal.append(finding)
    for place in {finding.place for finding in said} | {()}:
        assert list(journal.at(place)) == [record for record in journal if record.place == place]


def test_many_runs_are_merged_in_levels() -> None:
    journal = Journal(0, spill)  # every finding is a run of its own
    numbers = list(range(700))
    random.Random(1).shuffle(numbers)
    for number in numbers:
        journal.append(Finding((), number, 1, "a", Note("x")))
    assert [record.offset for record in journal] == list(range(700))
    assert [record.offset for record in journal] == list(range(700)), "as often as asked"


def test_memory_is_bounded() -> None:
    import tracemalloc  # noqa: PLC0415 - slows what is imported after it

    journal = Journal(200_000, spill)
    tracemalloc.start()
    for number in range(20_000):
        journal.append(Finding((), number, 1, "a", Note("some words " * 5)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000


def test_absorbing_keeps_all() -> None:
    one, two = Journal(0, spill), Journal(10**9, never)
    one.append(Finding((), 1, 1, "a", Note("x")))
    two.append(Finding((), 0, 1, "a", Note("y")))
    two.append(Finding((), 1, 1, "a", Note("x")))
    one.absorb(two)
    assert [(record.offset, cast(Note, record.body).text) for record in one] == [(0, "y"), (1, "x")]


def test_ids_are_those_of_the_findings() -> None:
    finding = Finding(((16, "gzip"),), 3, 4, "a", Note("x"))
    journal = Journal(0, spill)
    journal.append(finding)
    (record,) = journal
    assert record.id == finding.id == finding.to_dict()["id"]
    assert len(record.id) == 16
    assert finding.id != Finding(((16, "gzip"),), 3, 5, "a", Note("x")).id


def test_a_closed_journal_holds_nothing() -> None:
    journal = Journal(0, spill)
    journal.append(Finding((), 1, 1, "a", Note("x")))
    journal.close()
    assert list(journal) == []


def test_a_body_with_something_else_in_it_is_refused() -> None:
    with pytest.raises(TypeError, match="set: no JSON form"):
        Journal(0, never).append(Finding((), 0, 0, "a", Wrong({1})))


def test_a_body_that_nobody_else_could_read_is_refused() -> None:
    @dataclass(frozen=True)
    class Local:
        tag: ClassVar[str] = "local_in_tests"

    for body in (Local(), Wrong((1, Local()))):
        with pytest.raises(TypeError, match="Local: a body is defined in a module"):
            Journal(0, never).append(Finding((), 0, 0, "a", body))


def test_tables_come_back_from_the_spill_as_they_were() -> None:
    body = Wrong((Row("a", 1), Row("b", (2, b"c"))))
    journal = Journal(0, spill)
    journal.append(Finding((), 0, 0, "a", body))
    (finding,) = (record.finding() for record in journal)
    assert finding.body == body
    assert {type(row) for row in finding.body.thing} == {Row}


@dataclass(frozen=True, slots=True)
class Other:
    tag: ClassVar[str] = "other_in_tests"
    text: str


@given(st.lists(findings, max_size=80), st.sets(st.integers(0, 79)), places)
def test_bodies_of_a_kind_are_found_whatever_was_spilled(said: list[Finding], others: set[int], place: Place) -> None:
    journal = Journal(1500, spill)
    expect = set()
    for number, one in enumerate(said):
        finding = replace(one, body=Other(str(number))) if number in others else one
        journal.append(finding)
        if number in others:
            expect.add(finding)
    assert {record.finding() for record in journal.of(Other)} == expect
    assert [record.finding() for record in journal.of(Other, Note)] == [record.finding() for record in journal]
    at_place = [record.finding() for record in journal.at(place)]
    assert [one.finding() for one in journal.at(place, Other)] == [
        one for one in at_place if isinstance(one.body, Other)
    ]
    journal.close()
