"""The one place that catches everything: an analyzer's fault is recorded and costs no finding but its own."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from rorqual.findings.ledger import Fault, Ledger, Reason
from rorqual.findings.record import Place
from rorqual.sdk import OutOfFuel, Unreadable

log = logging.getLogger("rorqual")


class Guard:
    """Runs analyzers' code for one source and writes what goes wrong on the ledger."""

    def __init__(self, ledger: Ledger, place: Place) -> None:
        self.ledger = ledger
        self.place = place

    @contextmanager
    def watch(self, analyzer: str, start: int, end: int) -> Iterator["Outcome"]:
        """Code in this block answers for bytes `start` to `end`; afterwards `Outcome.ok` tells whether it came through."""
        outcome = Outcome()
        try:
            yield outcome
        except OutOfFuel as limit:
            outcome.ok, outcome.limit = False, limit
            self.ledger.miss(self.place, analyzer, Reason.LIMIT, start, end)
        except Unreadable as error:
            outcome.ok = False
            self.fault(analyzer, Reason.UNREADABLE, error.why, start, end, offset=error.offset)
        except MemoryError:
            outcome.ok = False
            self.fault(analyzer, Reason.MACHINE, "out of memory", start, end)
        except Exception as error:
            outcome.ok = False
            log.debug("%s at %#x of %s", analyzer, start, self.place, exc_info=True)
            self.fault(analyzer, Reason.FAULT, f"{type(error).__name__}: {error}", start, end)

    def fault(
        self, analyzer: str, reason: Reason, message: str, start: int, end: int, *, offset: int | None = None
    ) -> None:
        """Records a fault at `offset` (else at `start`) for which bytes `start` to `end` went unseen."""
        where = start if offset is None else offset
        self.ledger.fault(Fault(self.place, where, analyzer, reason, message), start=start, end=end)


class Outcome:
    """How a guarded block ended."""

    __slots__ = ("limit", "ok")

    def __init__(self) -> None:
        self.ok = True
        self.limit: OutOfFuel | None = None
