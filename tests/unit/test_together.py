"""Digests of the whole source and of parts of it advance together, each window once, and fail together or not at all."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

import rorqual
from rorqual import digests, kernels
from rorqual.engine import ranges
from rorqual.sdk import (
    Analyzer,
    BlockDigest,
    Digest,
    Finding,
    Hit,
    Kind,
    Place,
    RangeDigest,
    Said,
    View,
    Window,
)
from tests.cases import body

fused = pytest.mark.skipif(not kernels.FUSED, reason="the kernel is not built, or not for this processor")

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
    """The SHA-1 of all, which the engine may make in its place."""

    def __init__(self, name: str, trouble: Callable[[str, str, int], None] = lambda *_: None) -> None:
        super().__init__(name, trouble)
        self._digest = BlockDigest("sha1")

    @property
    def digest(self) -> BlockDigest:
        self.trouble("digest", self.name, self._digest.size)
        return self._digest

    def feed(self, window: Window, /) -> None:
        self.trouble("feed", self.name, window.offset)
        self._digest.update(window.data)

    def finish(self, place: Place, /) -> Iterator[Finding]:
        yield Finding(place, 0, self._digest.size, self.name, Digest("sha1", self._digest.hexdigest()))


@dataclass(frozen=True, slots=True)
class Part:
    tag: ClassVar[str] = "part_in_tests"
    sha256: str | None = None
    md5: str | None = None


class Asking:
    """Asks for digests of a part in the middle of the source."""

    name = "asks"
    version = 1
    wakes_on = (Kind("start"),)

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        yield RangeDigest(hit.finding(130, 700, Part()), ((130, 200), (400, 430)), ("sha256", "md5"))


SHA1 = hashlib.sha1(DATA).hexdigest()


def scanned(*analyzers: Analyzer, workers: int = 2) -> dict[str, Any]:
    return body(rorqual.scan(DATA, analyzers=analyzers, chunk_size=CHUNK, workers=workers))


def said(report: dict[str, Any]) -> dict[str, str]:
    return {one["analyzer"]: one["digest"]["value"] for one in report["findings"] if one["kind"] == "digest"}


@fused
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_each_window_once_in_order_and_nobody_is_fed(workers: int) -> None:
    log: list[tuple[str, int]] = []

    def note(call: str, name: str, size: int) -> None:
        assert call in ("digest", "drain")
        if call == "digest":
            log.append((name, size))

    report = scanned(Joint("a", note), Joint("b", note), Summing("c"), workers=workers)
    assert log == [(name, size) for size in range(0, len(DATA), CHUNK) for name in "ab"]
    assert said(report) == {"a": SHA1, "b": SHA1, "c": str(sum(DATA))}


@fused
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_digests_of_parts_ride_along(workers: int) -> None:
    report = scanned(Joint("a"), Asking(), workers=workers)
    (found,) = (one for one in report["findings"] if one["kind"] == "part_in_tests")
    part = DATA[130:330] + DATA[400:830]
    assert found["part_in_tests"] == {"sha256": hashlib.sha256(part).hexdigest(), "md5": hashlib.md5(part).hexdigest()}
    assert said(report) == {"a": SHA1}
    alone = scanned(Asking(), workers=workers)
    assert found in alone["findings"]


@fused
def test_where_the_machine_fails_nobody_has_a_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []

    def fail(parts: Any) -> None:
        taken.append(parts)
        if len(taken) == 5:
            raise MemoryError
        digests.advance(parts)

    monkeypatch.setattr(ranges, "advance", fail)
    report = scanned(Joint("a"), Joint("b"), Summing("c"), Asking(), workers=1)
    assert said(report).keys() == {"c"}
    (found,) = (one for one in report["findings"] if one["kind"] == "part_in_tests")
    assert found["part_in_tests"] == {"sha256": None, "md5": None}
    assert [(one["analyzer"], one["message"]) for one in report["faults"]] == [("engine", "out of memory")]
    missed = {line["analyzer"]: line["ranges"] for line in report["coverage"] if line["state"] == "missed"}
    assert missed.keys() == {"a", "asks", "b", "engine"}
    assert missed["a"] == missed["b"] == [[0, len(DATA)]]
    assert not report["complete"]


@fused
def test_a_fault_of_one_alone_costs_the_others_nothing() -> None:
    def fail(call: str, name: str, offset: int) -> None:
        if (call, name) == ("finish", "a"):
            raise RuntimeError("made to fail")

    class Failing(Joint):
        def finish(self, place: Place, /) -> Iterator[Finding]:
            self.trouble("finish", self.name, 0)
            return super().finish(place)

    report = scanned(Failing("a", fail), Joint("b"))
    assert said(report) == {"b": SHA1}
    assert [one["analyzer"] for one in report["faults"]] == ["a"]


@fused
def test_an_interrupt_is_nobodys_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(parts: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ranges, "advance", interrupt)
    with pytest.raises(KeyboardInterrupt):
        scanned(Joint("a"), Joint("b"), workers=1)


@fused
def test_who_wraps_a_fold_is_fed() -> None:
    class Wrapped:
        def __init__(self, fold: Any) -> None:
            self.fold = fold

        def __getattr__(self, name: str) -> Any:
            return (lambda: Wrapped(self.fold.fresh())) if name == "fresh" else getattr(self.fold, name)

    log: list[tuple[str, str]] = []

    def note(call: str, name: str, _: int) -> None:
        log.append((call, name))

    wrapped: Any = Wrapped(Summing("b", note))
    wrapped_joint: Any = Wrapped(Joint("d", note))
    assert said(scanned(Joint("a"), wrapped, wrapped_joint)) == {"a": SHA1, "b": str(sum(DATA)), "d": SHA1}
    assert {("feed", "b"), ("feed", "d")} < set(log)
    assert ("digest", "d") not in log
