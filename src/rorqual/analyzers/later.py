"""Probes that are loaded when something first wakes them: a scan does not pay for formats that it does not meet."""

import importlib
import importlib.util
from collections.abc import Iterator
from typing import cast

from rorqual.sdk import Anchor, Hit, Kind, Probe, Said, View


class Later:
    """Stands for the probe of a class elsewhere, which says the same of itself: the test suite compares.

    Args:
        home: "module:Class", the module below `rorqual.analyzers`.
        heads: the sources at whose end it is woken; see `Probe`.
        library: one that results depend on, and that may be missing.
    """

    def __init__(
        self,
        name: str,
        home: str,
        *wakes_on: Anchor | Kind,
        version: int = 1,
        announces: tuple[str, ...] = (),
        heads: tuple[bytes, ...] = (),
        library: str = "",
    ) -> None:
        self.name = name
        self.version = version
        self.wakes_on = wakes_on
        self.announces = announces
        self._home = home
        self.heads = heads
        self._library = library
        self._probe: Probe | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The library, where it is there."""
        there = self._library and importlib.util.find_spec(self._library) is not None
        return (self._library,) if there else ()

    def score(self, view: View, /) -> int:
        """The probe's own."""
        return self.loaded().score(view)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """What the probe says."""
        return self.loaded().examine(hit)

    def loaded(self) -> Probe:
        """The probe itself."""
        if self._probe is None:
            module, _, name = self._home.partition(":")
            self._probe = cast(Probe, getattr(importlib.import_module(f"rorqual.analyzers.{module}"), name)())
        return self._probe
