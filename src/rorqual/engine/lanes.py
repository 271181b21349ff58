"""Who works on which window when: a lane is a consumer, a window leaves when every lane is through with it.

A *sequential* lane takes the windows one after another (SHA-256 must); an *open* lane may take several at once.
Workers are threads, since what costs time (hashing, matching, counting) runs without the interpreter's lock. One
worker is the calling thread alone, and so is a source that ends in its first window.

A lane that looks at no bytes of the window lets its buffer go: others may be many windows ahead of it.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from rorqual.sdk import Window

MOST_AHEAD = 64  # windows that have been read and not passed all lanes


@dataclass(eq=False)
class Load:
    """A window on its way: its bytes with the few before them that matching warms up on, and who is done with it."""

    number: int
    window: Window
    warmed: memoryview  # `warm` bytes before the window, then the window
    warm: int
    buffer: int  # which of the buffers it occupies
    taken: set[int] = field(default_factory=set)  # lanes that have begun
    left: int = 0  # lanes that have not ended
    holding: int = 0  # those of them that look at its bytes


@dataclass(eq=False)
class Lane:
    """A consumer of windows. `work` must not raise: what can go wrong there is guarded there."""

    name: str
    work: Callable[[Load], None]
    sequential: bool
    after: "Lane | None" = None  # takes a window when that lane is through with it
    patient: bool = True  # waits for that lane; else only while there is something else to do
    holds: bool = True  # looks at the bytes of a window
    through: int = 0  # windows done in a row from the first on
    busy: bool = False
    ahead: set[int] = field(default_factory=set)  # windows done out of order


Read = Callable[[int], "Load | None"]  # fills the buffer of that number; None at the end


class Convoy:
    """Moves windows past the lanes until the source ends."""

    def __init__(self, read: Read, buffers: int, lanes: list[Lane], *, alone: int = 0, may_block: bool = False) -> None:
        """A lane stands behind the one it works after. A first window of less than `alone` bytes is the only one."""
        self._read = read
        self._alone = alone
        self._reader = threading.get_ident() if may_block else None  # an interrupt reaches the calling thread alone
        self._lanes = lanes
        self._free = list(range(buffers))
        self._loads: deque[Load] = deque()
        self._reading = False
        self._ended = False
        self._abandoned = False
        self._changed = threading.Condition()

    def run(self, workers: int) -> None:
        """Works until all windows have passed all lanes; the first error of the engine itself is raised again."""
        first = self._read(self._free.pop())
        if first is None:
            return
        if workers == 1 or len(first.window.data) < self._alone:
            self._walk(first)
            return
        self._admit(first)
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - 5 ms that a small source need not pay

        with ThreadPoolExecutor(workers - 1, thread_name_prefix="rorqual") as pool:
            others = [pool.submit(self._work) for _ in range(workers - 1)]
            self._work()
            for other in others:
                other.result()

    def _walk(self, load: Load | None) -> None:
        """What the calling thread does where it is alone."""
        while load is not None:
            for lane in self._lanes:
                lane.work(load)
            load = self._read(load.buffer)

    def _work(self) -> None:
        through = False
        try:
            while (task := self._next()) is not None:
                task()
            through = True
        finally:
            if not through:  # an error or an interrupt: the others go home, and it is raised where `run` was called
                with self._changed:
                    self._abandoned = True
                    self._changed.notify_all()

    def _done(self) -> bool:
        return self._abandoned or (self._ended and not self._loads)

    def _next(self) -> Callable[[], None] | None:
        """What to do now; waits for something to do, and returns None once nothing ever will be."""
        with self._changed:
            while not self._done():
                if self._free and len(self._loads) < MOST_AHEAD and self._may_read():
                    self._reading = True
                    buffer = self._free.pop()
                    return lambda: self._fetch(buffer)
                for patient in (True, False):
                    for load in self._loads:
                        for index, lane in enumerate(self._lanes):
                            if index not in load.taken and self._may_take(lane, load, patient=patient or lane.patient):
                                load.taken.add(index)
                                lane.busy = True
                                return lambda lane=lane, load=load: self._serve(lane, load)  # type: ignore[misc]  # mypy does not infer a lambda's defaults
                self._changed.wait()
            return None

    def _may_read(self) -> bool:
        mine = self._reader is None or self._reader == threading.get_ident()
        return mine and not self._reading and not self._ended

    @staticmethod
    def _may_take(lane: Lane, load: Load, *, patient: bool) -> bool:
        if lane.sequential and (lane.busy or lane.through != load.number):
            return False
        return lane.after is None or lane.after.through > load.number or not patient

    def _fetch(self, buffer: int) -> None:
        load = self._read(buffer)
        with self._changed:
            self._reading = False
            if load is None:
                self._ended = True
            else:
                self._admit(load)
            self._changed.notify_all()

    def _admit(self, load: Load) -> None:
        load.left = len(self._lanes)
        load.holding = sum(lane.holds for lane in self._lanes)
        self._loads.append(load)

    def _serve(self, lane: Lane, load: Load) -> None:
        lane.work(load)
        with self._changed:
            lane.busy = False
            lane.ahead.add(load.number)
            while lane.through in lane.ahead:
                lane.ahead.remove(lane.through)
                lane.through += 1
            load.left -= 1
            load.holding -= lane.holds
            if lane.holds and not load.holding:
                self._free.append(load.buffer)
            if not load.left:
                self._loads.remove(load)
            self._changed.notify_all()
