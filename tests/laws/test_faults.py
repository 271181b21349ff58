"""Nobody is silenced: one analyzer's fault is recorded and costs no finding but those that rest on it."""

import random
import time
from typing import Any

import pytest

import rorqual
from rorqual.engine.plan import Plan, installed
from rorqual.sdk import Analyzer
from tests.cases import Case, body, cases, spread, usual

CALLS = ("score", "examine", "feed", "merge", "drain", "finish", "weigh")
SHARED = {"gzip/nested", "pe/dll_with_overlay"}  # every analyzer fails on these
MUTANTS = 3  # of each case; `make fuzz` makes more


class Fails:
    """An analyzer that raises at its k-th call, and is itself otherwise."""

    def __init__(self, analyzer: Any, calls: list[int], *, fails_at: int) -> None:
        self._analyzer = analyzer
        self._calls = calls
        self._fails_at = fails_at

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._analyzer, name)
        if name == "fresh":
            return lambda: Fails(value(), self._calls, fails_at=self._fails_at)
        if name not in CALLS:
            return value

        def called(*arguments: Any) -> Any:
            self._calls[0] += 1
            if self._calls[0] == self._fails_at:
                raise RuntimeError("made to fail")
            inner = [one._analyzer if isinstance(one, Fails) else one for one in arguments]
            return value(*inner)

        return called


def _resting(analyzer: str) -> set[str]:
    """The analyzer and those that it wakes, if by way of others."""
    return {analyzer, *(one for one, on in Plan.of(installed()).resting if on == analyzer)}


def _findings(report: dict[str, Any], without: str, gaps: set[int]) -> list[dict[str, Any]]:
    """Of the file itself, by folds and probes that do not rest on `without`. What was said of a gap rests on all who
    claim: without one of them it lies elsewhere."""
    plan = Plan.of(installed())
    own = {one.name for one in (*plan.folds, *plan.probes)} - _resting(without)
    between = {plan.probes[index].name for index in plan.woken_by("gap")}
    return [
        one
        for one in report["findings"]
        if one["place"] == "/" and one["analyzer"] in own and not (one["analyzer"] in between and one["offset"] in gaps)
    ]


def _gaps(report: dict[str, Any]) -> set[int]:
    return {one["offset"] for one in report["findings"] if one["place"] == "/" and one["kind"] == "gap"}


@pytest.mark.parametrize("analyzer", installed(), ids=lambda analyzer: analyzer.name)
@pytest.mark.parametrize("fails_at", [1, 2, 7])
def test_a_fault_costs_nobody_elses_findings(analyzer: Analyzer, fails_at: int) -> None:
    struck = 0
    for case in [case for case in cases() if case.analyzer == analyzer.name or str(case) in SHARED]:
        calls = [0]
        failing: Any = Fails(analyzer, calls, fails_at=fails_at)
        others = [one for one in installed() if one.name != analyzer.name]
        chunk = max(1, len(case.data()) // 5)
        whole = usual(case)
        hurt = body(rorqual.scan(case.data(), chunk_size=chunk, analyzers=[*others, failing], workers=2))
        gaps = _gaps(hurt) | _gaps(whole)
        assert _findings(hurt, analyzer.name, gaps) == _findings(whole, analyzer.name, gaps), str(case)
        if calls[0] < fails_at:
            assert hurt == whole
            continue
        if hurt == whole and any(child["same_as"] for child in whole["children"]):
            continue  # it struck a stream whose content was told of elsewhere
        struck += 1
        faults = [fault for fault in hurt["faults"] if fault["analyzer"] == analyzer.name]
        assert [fault["message"] for fault in faults] == ["RuntimeError: made to fail"], str(case)
        assert not hurt["complete"]
        missed = [line for line in hurt["coverage"] if line["state"] == "missed" and line not in whole["coverage"]]
        own = [line for line in missed if line["analyzer"] == analyzer.name]
        missed = [line for line in missed if line not in own or line["reason"] == "fault"]  # it refused less, too
        assert {line["analyzer"] for line in missed} == _resting(analyzer.name)
        assert all(line["reason"] == "fault" and line["ranges"] for line in missed)
    assert struck or fails_at > 1, f"no case of the corpus calls {analyzer.name}"


def _mutants(data: bytes, chance: random.Random) -> list[bytes]:
    """Flips, cuts and splices."""
    mutants = []
    for _ in range(MUTANTS):
        mutant = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            if mutant:
                # Headers decide most: half of the flips go there.
                at = chance.randrange(min(len(mutant), 512) if chance.random() < 0.5 else len(mutant))
                mutant[at] = chance.choice([0, 0xFF, 0x7F, 0x80, chance.randrange(256)])
        kind = chance.randrange(3)
        if kind == 1:
            del mutant[chance.randrange(len(mutant) + 1) :]
        elif kind == 2:
            start, end = sorted(chance.randrange(len(mutant) + 1) for _ in range(2))
            at = chance.randrange(len(mutant) + 1)
            mutant[at:at] = mutant[start:end]
        mutants.append(bytes(mutant))
    return mutants


@pytest.mark.parametrize("case", spread(), ids=str)
def test_mutants_make_no_fault_and_no_hang(case: Case) -> None:
    chance = random.Random(str(case))
    for mutant in _mutants(case.data(), chance):
        began = time.perf_counter()
        report = rorqual.scan(mutant)
        ours = [fault for fault in report.faults if fault.reason == "fault"]
        assert ours == []
        assert time.perf_counter() - began < 10, "far beyond what its size explains"
