"""Folds that are fed together are fed each window once, and a fault there is a fault of each of them and of no other."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import pytest

import rorqual
from rorqual.sdk import Digest, Finding, Place, Window
from tests.cases import body

DATA = bytes(range(256)) * 4
CHUNK = 100


class Summing:
    """Sums the bytes; `trouble` is called before each window and each drain with the one that works."""

    version = 1
    sequential: ClassVar[bool] = True

    def __init__(self, name: str, trouble: Callable[[str, str, int], None] = lambda *_: None) -> None:
        self.name = name
        self.trouble = trouble
        self.sum = self.size = 0

    def fresh(self) -> "Summing":
        return type(self)(self.name, self.trouble)

    def feed(self, window: Window, /) -> None:
        self.trouble("feed", self.name, window.offset)
        self.sum += sum(window.data)
        self.size += len(window.data)

    def merge(self, later: "Summing", /) -> None:
        raise NotImplementedError

    def drain(self, place: Place, /) -> Iterator[Finding]:
        self.trouble("drain", self.name, self.size)
        return iter(())

    def finish(self, place: Place, /) -> Iterator[Finding]:
        yield Finding(place, 0, self.size, self.name, Digest("sum", str(self.sum)))


class Joint(Summing):
    """The same, in company."""

    @staticmethod
    def together(folds: "Sequence[Joint]", window: Window, /) -> None:
        folds[0].trouble("together", " ".join(fold.name for fold in folds), window.offset)
        for fold in folds:
            fold.sum += sum(window.data)
            fold.size += len(window.data)


def scanned(*folds: Summing, workers: int = 2) -> dict[str, Any]:
    return body(rorqual.scan(DATA, analyzers=folds, chunk_size=CHUNK, workers=workers))


def said(report: dict[str, Any]) -> dict[str, str]:
    return {one["analyzer"]: one["digest"]["value"] for one in report["findings"] if one["kind"] == "digest"}


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_each_window_once_in_order_with_the_report_of_those_fed_alone(workers: int) -> None:
    log: list[tuple[str, str, int]] = []

    def note(*what: Any) -> None:
        if what[0] != "drain":
            log.append(what)

    report = scanned(Joint("a", note), Joint("b", note), Summing("c"), workers=workers)
    assert log == [("together", "a b", offset) for offset in range(0, len(DATA), CHUNK)]
    assert report == scanned(Summing("a"), Summing("b"), Summing("c"), workers=workers)


def test_a_fault_in_it_is_one_of_each() -> None:
    def fail(call: str, _: str, offset: int) -> None:
        if call == "together" and offset == 3 * CHUNK:
            raise RuntimeError("made to fail")

    report = scanned(Joint("a", fail), Joint("b", fail), Summing("c"))
    assert said(report).keys() == {"c"}
    assert [(one["analyzer"], one["message"]) for one in report["faults"]] == [
        ("a", "RuntimeError: made to fail"),
        ("b", "RuntimeError: made to fail"),
    ]
    missed = {line["analyzer"]: line["ranges"] for line in report["coverage"] if line["state"] == "missed"}
    assert missed.keys() == {"a", "b"}
    assert missed["a"] == missed["b"]
    assert not report["complete"]


def test_a_fault_of_one_alone_costs_the_others_nothing() -> None:
    log = []

    def fail(call: str, name: str, offset: int) -> None:
        if call == "together":
            log.append((name, offset))
        if (call, name) == ("drain", "a") and offset == 3 * CHUNK:
            raise RuntimeError("made to fail")

    report = scanned(Joint("a", fail), Joint("b", fail))
    assert said(report) == {"b": str(sum(DATA))}
    assert [one["analyzer"] for one in report["faults"]] == ["a"]
    assert log == [("a b" if offset < 3 * CHUNK else "b", offset) for offset in range(0, len(DATA), CHUNK)]


def test_an_interrupt_is_nobodys_fault() -> None:
    def interrupt(call: str, *_: object) -> None:
        if call == "together":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scanned(Joint("a", interrupt), Joint("b", interrupt), workers=1)


def test_who_wraps_a_fold_is_fed_alone() -> None:
    class Wrapped:
        def __init__(self, fold: Any) -> None:
            self.fold = fold

        def __getattr__(self, name: str) -> Any:
            return (lambda: Wrapped(self.fold.fresh())) if name == "fresh" else getattr(self.fold, name)

    log: list[tuple[str, str]] = []

    def note(call: str, name: str, _: int) -> None:
        log.append((call, name))

    wrapped: Any = Wrapped(Joint("b", note))
    assert said(scanned(Joint("a", note), wrapped)) == {"a": str(sum(DATA)), "b": str(sum(DATA))}
    assert {("together", "a"), ("feed", "b")} < set(log)
    assert ("feed", "a") not in log
