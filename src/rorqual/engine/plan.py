"""The plan: which analyzers a scan runs, with which limits; found by name, fingerprinted."""

import hashlib
import importlib
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, cast

from rorqual import __version__
from rorqual.engine.limits import Limits
from rorqual.engine.patterns import Patterns
from rorqual.findings.record import Body
from rorqual.findings.report import PlanInfo
from rorqual.sdk import Analyzer, Anchor, Fold, Judge, Kind, Probe

CATALOG = "rorqual.analyzers.catalog"  # named, never imported: the engine does not stand on the analyzers
GROUP = "rorqual.analyzers"
USUAL_PASSWORDS = ("infected", "password", "virus", "malware", "dangerous", "novirus", "1234", "")  # of shared samples


@dataclass(frozen=True)
class Plan:
    """What runs over each source."""

    folds: tuple[Fold, ...]
    probes: tuple[Probe, ...]
    judges: tuple[Judge, ...]  # each after those whose bodies it reads
    limits: Limits
    passwords: tuple[str, ...] = ()  # tried on what is encrypted, in this order

    @classmethod
    def of(cls, analyzers: Iterable[Analyzer], limits: Limits | None = None, passwords: Iterable[str] = ()) -> "Plan":
        """The plan of these analyzers.

        Raises:
            ValueError: two share a name, one is neither fold nor probe nor judge, or judges read in a circle.
        """
        everyone = list(analyzers)
        for one in everyone:
            if not hasattr(one, "name") or not hasattr(one, "version"):
                raise ValueError(f"analyzer {type(one).__name__}: has no name or no version")
            if hasattr(one, "examine") and not isinstance(getattr(one, "wakes_on", None), tuple):
                raise ValueError(f"analyzer {one.name}: wakes_on is no tuple of anchors and kinds")
        named = sorted(everyone, key=lambda analyzer: analyzer.name)
        for one, next_one in zip(named, named[1:], strict=False):
            if one.name == next_one.name:
                raise ValueError(f"analyzer {one.name}: two in one plan")
        folds = tuple(cast(Fold, one) for one in named if hasattr(one, "feed"))
        probes = tuple(cast(Probe, one) for one in named if hasattr(one, "examine"))
        judges = _in_reading_order([cast(Judge, one) for one in named if hasattr(one, "weigh")])
        strays = {one.name for one in named} - {one.name for one in (*folds, *probes, *judges)}
        if strays:
            raise ValueError(f"analyzer {min(strays)}: neither fold nor probe nor judge")
        return cls(folds, probes, judges, limits or Limits(), (*dict.fromkeys((*passwords, *USUAL_PASSWORDS)),))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of all analyzers."""
        return (*self.lookers, *(one.name for one in self.judges))

    @cached_property
    def lookers(self) -> tuple[str, ...]:
        """Of those that are to see every byte: all but the judges."""
        return tuple(one.name for one in (*self.folds, *self.probes))

    @cached_property
    def patterns(self) -> Patterns:
        """What the matcher looks for."""
        return Patterns(self.anchors)

    @cached_property
    def anchors(self) -> tuple[tuple[int, Anchor], ...]:
        """(index of the probe, anchor) for each anchor of each probe."""
        return tuple(
            (index, trigger)
            for index, probe in enumerate(self.probes)
            for trigger in probe.wakes_on
            if isinstance(trigger, Anchor)
        )

    def woken_by(self, kind: str) -> tuple[int, ...]:
        """Indexes of the probes that wake on regions of this kind."""
        return self._woken.get(kind, ())

    @cached_property
    def _woken(self) -> dict[str, tuple[int, ...]]:
        woken: dict[str, tuple[int, ...]] = {}
        for index, probe in enumerate(self.probes):
            for kind in dict.fromkeys(trigger.name for trigger in probe.wakes_on if isinstance(trigger, Kind)):
                woken[kind] = (*woken.get(kind, ()), index)
        return woken

    @cached_property
    def resting(self) -> tuple[tuple[str, str], ...]:
        """(probe, analyzer that wakes it, if by way of others) by name: what the second misses the first does too."""
        woken: dict[str, set[str]] = {
            one.name: {
                self.probes[index].name for kind in getattr(one, "announces", ()) for index in self.woken_by(kind)
            }
            for one in (*self.folds, *self.probes)
        }
        pairs = set()
        for name in woken:
            waiting, reached = [name], {name}
            while waiting:
                further = woken.get(waiting.pop(), set()) - reached
                reached |= further
                waiting += further
            pairs |= {(probe, name) for probe in reached - {name}}
        return tuple(sorted(pairs))

    @cached_property
    def info(self) -> PlanInfo:
        """The plan as the report states it."""
        everyone = (*self.folds, *self.probes, *self.judges)
        analyzers = tuple(f"{one.name}/{one.version}" for one in everyone)
        options = [repr(getattr(one, "options", ())) for one in everyone]
        anchors = [(index, anchor.regex.hex(), anchor.back) for index, anchor in self.anchors]
        limits = self.limits.items()
        passwords = hashlib.sha256(json.dumps(self.passwords).encode()).hexdigest()  # they may be somebody's own
        text = json.dumps([__version__, analyzers, options, anchors, limits, passwords], separators=(",", ":"))
        return PlanInfo(hashlib.sha256(text.encode()).hexdigest()[:32], __version__, analyzers, limits)


def installed_plan(digests: tuple[str, ...], limits: Limits | None, passwords: tuple[str, ...]) -> Plan:
    """The plan of all installed analyzers; worked out once, as long as modules are looked for in the same folders.

    Raises:
        ValueError, ImportError: as `installed` and `Plan.of`.
    """
    return _installed_plan(digests, limits, passwords, tuple(sys.path))


@lru_cache(maxsize=8)
def _installed_plan(
    digests: tuple[str, ...], limits: Limits | None, passwords: tuple[str, ...], _: tuple[str, ...]
) -> Plan:
    return Plan.of(installed(digests), limits, passwords)


def plan_of(analyzers: Iterable[Analyzer], limits: Limits | None, passwords: tuple[str, ...]) -> Plan:
    """The plan of these analyzers, worked out once for the same ones.

    Raises:
        ValueError: as `Plan.of`.
    """
    everyone = tuple(analyzers)
    if all(type(one).__hash__ is not None for one in everyone):
        return _plan_of(everyone, limits, passwords)
    return Plan.of(everyone, limits, passwords)


@lru_cache(maxsize=8)
def _plan_of(analyzers: tuple[Analyzer, ...], limits: Limits | None, passwords: tuple[str, ...]) -> Plan:
    return Plan.of(analyzers, limits, passwords)


def installed(digests: Iterable[str] = ()) -> tuple[Analyzer, ...]:
    """The analyzers of this package and of others by entry point; `digests` names those computed by option.

    Raises:
        ValueError: an unknown digest.
        ImportError: a digest's library is not installed; the message names the extra.
    """
    catalog: Any = importlib.import_module(CATALOG)  # a module found by name has no type
    own: tuple[Analyzer, ...] = catalog.analyzers(tuple(digests))
    return own + tuple(_contributed())


def _contributed() -> Iterable[Analyzer]:
    """What other packages bring. Reading their metadata costs 20 ms; first it is seen whether any brings something."""
    if not any(GROUP.encode() in _read(path) for entry in sys.path for path in _entry_points(entry)):
        return
    from importlib.metadata import entry_points  # noqa: PLC0415 - as said

    for point in entry_points(group=GROUP):
        try:
            yield point.load()()
        except (ImportError, AttributeError, TypeError) as error:
            package = point.dist.name if point.dist else "unknown"
            raise ImportError(f"analyzer {point.name} of package {package}: {error}") from error


def _entry_points(folder: str) -> Iterable[str]:
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return []
    kept = (name for name in names if name.endswith((".dist-info", ".egg-info")))
    return [os.path.join(folder, name, "entry_points.txt") for name in kept]


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _in_reading_order(judges: list[Judge]) -> tuple[Judge, ...]:
    ordered: list[Judge] = []
    waiting = list(judges)
    while waiting:
        unsaid: set[type[Body]] = set().union(*(judge.says for judge in waiting))
        ready = [judge for judge in waiting if not (judge.reads - judge.says) & unsaid]
        if not ready:
            raise ValueError(f"analyzer {waiting[0].name}: reads in a circle with other judges")
        ordered += ready
        waiting = [judge for judge in waiting if judge not in ready]
    return tuple(ordered)
