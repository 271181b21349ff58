"""The one place that catches everything: an analyzer's fault is recorded and costs no finding but its own."""

import logging
from types import TracebackType
from typing import Self

from rorqual.findings.ledger import Fault, Ledger, Reason
from rorqual.findings.record import Place
from rorqual.sdk import OutOfFuel, Unreadable

ENGINE = "engine"  # who speaks where a limit or a trouble of the engine's own is told

log = logging.getLogger("rorqual")


class Guard:
    """Runs analyzers' code for one source and writes what goes wrong on the ledger."""

    def __init__(self, ledger: Ledger, place: Place) -> None:
        self.ledger = ledger
        self.place = place

    def watch(self, analyzer: str, start: int, end: int) -> "Outcome":
        """Code in this block answers for bytes `start` to `end`; afterwards `Outcome.ok` tells whether it came through.

        A block that works on one thing after another moves `analyzer`, `start` and `end` of the outcome along.
        """
        return Outcome(self, analyzer, start, end)

    def settle(self, outcome: "Outcome", raised: BaseException) -> None:
        """Writes down what a block raised; raises again what is no fault of an analyzer."""
        try:
            raise raised
        except OutOfFuel as limit:
            outcome.ok, outcome.limit = False, limit
            self.ledger.miss(self.place, outcome.analyzer, Reason.LIMIT, outcome.start, outcome.end)
        except Unreadable as error:
            self._blame(outcome, Reason(error.reason), error.why, error.offset)
        except MemoryError:
            self._blame(outcome, Reason.MACHINE, "out of memory", outcome.start)
        except Exception as error:
            log.debug("%s at %#x of %s", outcome.analyzer, outcome.start, self.place, exc_info=True)
            self._blame(outcome, Reason.FAULT, f"{type(error).__name__}: {error}", outcome.start)

    def _blame(self, outcome: "Outcome", reason: Reason, message: str, offset: int) -> None:
        outcome.ok = False
        self.fault(outcome.analyzer, reason, message, outcome.start, outcome.end, offset=offset)

    def fault(
        self, analyzer: str, reason: Reason, message: str, start: int, end: int, *, offset: int | None = None
    ) -> None:
        """Records a fault at `offset` (else at `start`) for which bytes `start` to `end` went unseen."""
        where = start if offset is None else offset
        self.ledger.fault(Fault(self.place, where, analyzer, reason, message), start=start, end=end)


class Outcome:
    """What a guarded block answers for, and how it ended."""

    __slots__ = ("_guard", "analyzer", "end", "limit", "ok", "start")

    def __init__(self, guard: Guard, analyzer: str, start: int, end: int) -> None:
        self._guard = guard
        self.analyzer = analyzer
        self.start = start
        self.end = end
        self.ok = True
        self.limit: OutOfFuel | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, raised: BaseException | None, __: TracebackType | None) -> bool:
        if raised is not None:
            self._guard.settle(self, raised)
        return True
