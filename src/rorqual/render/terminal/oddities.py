"""What is odd about a file: each anomaly once, those that attacks are known by first."""

from collections.abc import Iterator
from dataclasses import dataclass

from rorqual.render.terminal.page import Page, Part
from rorqual.render.terminal.values import clipped

MOST = 8  # anomalies that are shown
NAMES = 512  # that are told apart: analyzers know fewer
LONGEST = 150  # characters of a proof: two lines or three
LINES = 5  # of an anomaly
IDS = 4  # techniques and behaviours of one anomaly


@dataclass(slots=True)
class Oddity:
    """An anomaly by its name: how often, and the proof of the first."""

    name: str
    proof: str
    ids: tuple[str, ...]  # of ATT&CK and MBC
    of_section: bool
    times: int = 1

    def parts(self) -> Iterator[Part]:
        yield clipped(self.name, LONGEST), "notable"
        if self.ids:
            yield f" {' '.join(clipped(one, LONGEST) for one in self.ids[:IDS])}", "name"
        if self.proof:
            yield f": {clipped(self.proof, LONGEST)}"
        if self.times > 1:
            yield f" ({self.times:,} times)", "label"


class Oddities:
    """Anomalies as they come."""

    def __init__(self) -> None:
        self._by_name: dict[str, Oddity] = {}
        self._more = 0  # beyond NAMES

    def __bool__(self) -> bool:
        return bool(self._by_name)

    def add(self, name: str, proof: str, ids: tuple[str, ...] = (), *, of_section: bool = False) -> None:
        """Takes one."""
        if known := self._by_name.get(name):
            known.times += 1
        elif len(self._by_name) < NAMES:
            self._by_name[name] = Oddity(name, proof, ids, of_section)
        else:
            self._more += 1

    def draw(self, page: Page) -> None:
        """The most telling, and the count of the rest."""
        ranked = sorted(self._by_name.values(), key=lambda one: (not one.ids, one.of_section))
        for count, oddity in enumerate(ranked[:MOST]):
            page.field("" if count else "odd", *oddity.parts(), most=LINES)
        if rest := len(ranked[MOST:]) + self._more:
            page.field("", (f"and {rest:,} more", "label"))
