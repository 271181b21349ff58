"""The plan: by name, in reading order, with a fingerprint that tells plans apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from rorqual.engine.limits import Limits
from rorqual.engine.plan import Plan, installed
from rorqual.findings.record import Body, Finding, Place
from rorqual.sdk import Hit, Said, View


@dataclass(frozen=True)
class One:
    tag: ClassVar[str] = "one_in_tests"


@dataclass(frozen=True)
class Two:
    tag: ClassVar[str] = "two_in_tests"


class Judging:
    version = 1

    def __init__(self, name: str, reads: set[type[Body]], says: set[type[Body]]) -> None:
        self.name = name
        self.reads = frozenset(reads)
        self.says = frozenset(says)

    def weigh(self, findings: Iterable[Finding], place: Place, /) -> Iterator[Finding]:
        return iter(())


class Looking:
    name = "looking"
    version = 1
    wakes_on = ()

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        return iter(())


def test_judges_come_after_those_whose_bodies_they_read() -> None:
    last, first = Judging("a", {Two}, set()), Judging("b", {One}, {Two})
    assert [judge.name for judge in Plan.of([last, first]).judges] == ["b", "a"]


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="reads in a circle"):
        Plan.of([Judging("a", {Two}, {One}), Judging("b", {One}, {Two})])


def test_two_of_a_name_are_refused() -> None:
    with pytest.raises(ValueError, match="looking: two in one plan"):
        Plan.of([Looking(), Looking()])


def test_a_stray_is_refused() -> None:
    stray: Any = One()
    stray_type: Any = type("Stray", (), {"name": "stray", "version": 1})
    assert stray
    with pytest.raises(ValueError, match="stray: neither fold nor probe nor judge"):
        Plan.of([stray_type()])


def test_plans_that_may_differ_never_share_a_fingerprint() -> None:
    newer = Looking()
    newer.version = 2
    plans = [
        Plan.of(installed()),
        Plan.of(installed(digests=["crc32"])),
        Plan.of(installed(), Limits(ration=3)),
        Plan.of([*installed(), Looking()]),
        Plan.of([*installed(), newer]),
        Plan.of(installed()[1:]),
    ]
    prints = [plan.info.fingerprint for plan in plans]
    assert len(set(prints)) == len(prints)
    assert Plan.of(reversed(installed())).info == plans[0].info


def test_limits_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="limit depth: -1 is negative"):
        Limits(depth=-1)
    with pytest.raises(ValueError, match="limit fuel: 10 is below 4096"):
        Limits(fuel=10)


def test_an_unknown_digest_is_refused() -> None:
    with pytest.raises(ValueError, match="digest md4: not one of"):
        installed(digests=["md4"])
