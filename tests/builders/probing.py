"""Runs a probe over bytes, as the engine would: one examination, the digests it asks for filled in."""

import dataclasses
import hashlib
import math
from collections import Counter
from collections.abc import Iterator

from rorqual.sdk import Anchor, Extent, Finding, Fuel, Hit, Kind, Probe, RangeDigest, Region, Said, View


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
) -> Iterator[Said]:
    """What one examination says, raw."""
    source = BytesSource(data) if isinstance(data, bytes) else data
    view = View(source, (), offset, fuel=Fuel(fuel))
    return probe.examine(Hit(view, trigger or probe.wakes_on[0], probe.name))


def findings(probe: Probe, data: bytes) -> list[Finding]:
    """What it says of an image at the start of `data` and at its end, digests filled in."""
    said = list(examine(probe, data))
    said += examine(probe, data, len(data), trigger=Kind("end"))
    return list(filled(said, data))


def filled(said: list[Said], data: bytes) -> Iterator[Finding]:
    """The findings among it, digests filled in."""
    for one in said:
        match one:
            case Finding():
                yield one
            case RangeDigest():
                chosen = b"".join(data[offset : offset + size] for offset, size in one.ranges)
                known = {"entropy": entropy(chosen), "sha256": hashlib.sha256(chosen).hexdigest()}
                fields = {name: known[name] for name in one.fields}
                body = dataclasses.replace(one.finding.body, **fields)
                yield dataclasses.replace(one.finding, body=body)
            case Extent() | Region():
                pass


def entropy(data: bytes) -> float:
    """Shannon entropy in bits a byte."""
    total = len(data)
    return -sum(n / total * math.log2(n / total) for n in Counter(data).values()) if data else 0.0
