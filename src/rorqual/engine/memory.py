"""The one owner of memory: how much a scan may use, who gets what of it, and how much it did use."""

import logging
import mmap
import sys

MIB = 1 << 20
DEFAULT = 96 * MIB
LEAST = 64 * MIB  # below this the interpreter, the libraries and two small windows do not fit
WARN_ABOVE = 1_500_000_000  # bytes resident: the founding specification's ceiling for one process

JOURNAL = 4 * MIB
RESERVE = 20 * MIB  # what folds, matcher scratch, probes and the renderer come to beside windows and journal
WIDEST_WINDOW = 1 << 30  # bytes; whatever the budget, more gains nothing
MARGIN = mmap.PAGESIZE  # before each window: what matching warms up on, ending where a page begins
MOST_WINDOWS = 6  # more would only queue: readers are faster than whoever follows


class Budget:
    """The memory of the whole process tree, in bytes.

    Raises:
        ValueError: less than 64 MiB, in which nothing runs.
    """

    def __init__(self, total: int | None = None) -> None:
        self.total = DEFAULT if total is None else total
        if self.total < LEAST:
            raise ValueError(f"memory: {self.total} bytes are less than the {LEAST} that a scan needs")
        self.journal = JOURNAL

    def windows(self, chunk: int, workers: int) -> tuple[int, int]:
        """(size, count) of the window buffers: the wished-for chunk where it fits.

        How long the source is plays no part: what is in it may be longer, and a page that is not used is not there.
        """
        room = max(2 * MIB, self.total - (resident() or 40 * MIB) - self.journal - RESERVE)
        size = min(chunk, room // 2, WIDEST_WINDOW)
        return size, max(1, min(MOST_WINDOWS, workers + 2, room // size))


def window_buffer(size: int) -> memoryview:
    """A margin and `size` bytes that begin on a page: reading to where a page begins takes a quarter of the time."""
    return memoryview(mmap.mmap(-1, MARGIN + size))


def resident() -> int | None:
    """Bytes of this process in memory now; None where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            pages = int(statm.read().split()[1])
    except OSError:
        return None
    import resource  # noqa: PLC0415 - there is none on Windows, which has no /proc either

    return pages * resource.getpagesize()


def peak_memory() -> int | None:
    """The most bytes that this process had in memory; None where the system does not tell."""
    try:
        with open("/proc/self/status", "rb") as status:
            for line in status:
                if line.startswith(b"VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def log_memory_usage(label: str, logger: logging.Logger) -> float | None:
    """Log this process's resident set at the moment called `label`, and return it in MB (10^6 bytes).

    A debug line always, and a warning above 1.5 GB. Without psutil nothing is logged and None returned.
    """
    try:
        import psutil  # noqa: PLC0415 - may be missing, and only this function needs it
    except ImportError:
        return None
    resident: int = psutil.Process().memory_info().rss
    megabytes = resident / 1e6
    logger.debug("%s: %.1f MB resident", label, megabytes)
    if resident > WARN_ABOVE:
        logger.warning("%s: %.1f MB resident, above %.0f MB", label, megabytes, WARN_ABOVE / 1e6)
    return megabytes
