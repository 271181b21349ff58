"""Probes of formats with no magic number to speak of: loaded where a source or a gap begins as such a format may."""

from collections.abc import Callable, Iterator

from rorqual.analyzers.later import Later
from rorqual.sdk import Anchor, Hit, Kind, Said, View

BEGINNINGS = (Kind("start"), Kind("gap"))


class Gated(Later):
    """As Later; what is announced as a start or a gap is first asked of `gate`, which reads a few bytes."""

    def __init__(
        self, name: str, home: str, *wakes_on: Anchor | Kind, gate: Callable[[View], bool], version: int = 1
    ) -> None:
        super().__init__(name, home, *wakes_on, version=version)
        self._gate = gate

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """What the probe says, where the gate lets it."""
        if isinstance(hit.trigger, Kind) and not self._gate(hit.view):
            return iter(())
        return super().examine(hit)
