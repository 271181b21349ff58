"""Runs a probe over bytes, as the engine would: one examination, the digests it asks for filled in."""

import contextlib
import dataclasses
import hashlib
import math
from collections import Counter
from collections.abc import Iterator

from rorqual.oracles import word_sum
from rorqual.sdk import Anchor, Extent, Finding, Fuel, Hit, Kind, Malformed, Probe, RangeDigest, Region, Said, View


class BytesSource:
    """Bytes, and how often they were read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reads = 0

    def read_at(self, offset: int, size: int, /) -> bytes:
        self.reads += 1
        return self.data[offset : offset + size]

    def read_into(self, offset: int, buffer: memoryview, /) -> int:
        data = self.read_at(offset, len(buffer))
        buffer[: len(data)] = data
        return len(data)


def view_of(data: bytes | BytesSource, offset: int = 0, *, fuel: int = 1 << 24) -> View:
    source = BytesSource(data) if isinstance(data, bytes) else data
    return View(source, (), offset, fuel=Fuel(fuel))


def examine(
    probe: Probe,
    data: bytes | BytesSource,
    offset: int = 0,
    *,
    trigger: Anchor | Kind | None = None,
    fuel: int = 1 << 24,
    size: int | None = None,
    context: object = None,
) -> Iterator[Said]:
    """What one examination says, raw."""
    source = BytesSource(data) if isinstance(data, bytes) else data
    view = View(source, (), offset, fuel=Fuel(fuel))
    return probe.examine(Hit(view, trigger or probe.wakes_on[0], probe.name, size, context))


def findings(probe: Probe, data: bytes) -> list[Finding]:
    """What it says of an image at the start of `data` and at its end, digests filled in."""
    said = list(examine(probe, data))
    said += examine(probe, data, len(data), trigger=Kind("end"))
    return list(filled(said, data))


def woken(first: Probe, follower: Probe, data: bytes, offset: int = 0, *, fuel: int = 1 << 26) -> list[Finding]:
    """What `follower` says of the regions that `first` announces, woken as the engine would, digests filled in."""
    said: list[Said] = []
    for region in examine(first, data, offset, fuel=fuel):
        if isinstance(region, Region) and region.through is None and Kind(region.kind) in follower.wakes_on:
            trigger, at = Kind(region.kind), offset + region.at
            with contextlib.suppress(Malformed):
                for one in examine(
                    follower, data, at, trigger=trigger, fuel=fuel, size=region.size, context=region.context
                ):
                    said.append(one)
    return list(filled(said, data))


def filled(said: list[Said], data: bytes) -> Iterator[Finding]:
    """The findings among it, digests filled in."""
    for one in said:
        match one:
            case Finding():
                yield one
            case RangeDigest():
                chosen = b"".join(data[offset : offset + size] for offset, size in one.ranges)
                fields = {name: measured(name, chosen) for name in one.fields}
                body = dataclasses.replace(one.finding.body, **fields)
                finding = dataclasses.replace(one.finding, body=body)
                yield from (finding,) if one.then is None else one.then(finding)
            case Extent() | Region():
                pass


def measured(name: str, data: bytes) -> float | int | str:
    """One measure of a range digest."""
    if name == "entropy":
        return entropy(data)
    return word_sum(data) if name == "sum16" else hashlib.new(name, data, usedforsecurity=False).hexdigest()


def entropy(data: bytes) -> float:
    """Shannon entropy in bits a byte."""
    total = len(data)
    return -sum(n / total * math.log2(n / total) for n in Counter(data).values()) if data else 0.0
