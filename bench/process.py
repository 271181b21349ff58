"""Child processes, measured: wall time, processor time of the whole tree, and the peak of its memory.

The peak is the most that any sample of all processes' resident sets came to (shared pages counted in each, so
it is never too little), or the kernel's own high-water mark of the main process where that is more: no peak
of that one is missed between two samples.
"""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
PERIOD = 0.02  # seconds between two samples
RORQUAL = (sys.executable, "-m", "rorqual")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a process came to."""

    seconds: float
    cpu: float  # seconds, with those of its children
    peak: int  # bytes
    code: int  # negative: the signal that ended it
    timed_out: bool
    last: str  # the last line of its standard error


def run(
    command: Sequence[str],
    *,
    sample: bool = False,
    timeout: float | None = None,
    extra: Mapping[str, str] | None = None,
) -> Ran:
    """Runs a command, its output thrown away; `sample` follows its tree's memory, `timeout` kills it."""
    environment = {**os.environ, **(extra or {})}
    # With it an editable installation compiles all modules at each start, which no user's installation does.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as errors:
        peak, timed_out = 0, False
        clock = time.perf_counter()
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment,
            cwd=ROOT,
        )
        watched = psutil.Process(child.pid) if sample else None
        pid, status, usage = 0, 0, None
        while not pid:
            if watched is not None:
                peak = max(peak, tree(watched), high_water(child.pid))
            if timeout is not None and not timed_out and time.perf_counter() - clock > timeout:
                timed_out = True
                os.kill(child.pid, signal.SIGKILL)  # Popen's own would reap it, and with it what it used
            waits = sample or timeout is not None
            pid, status, usage = os.wait4(child.pid, os.WNOHANG if waits else 0)
            if not pid:
                time.sleep(PERIOD)
        seconds = time.perf_counter() - clock
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip().splitlines()
    assert usage is not None
    # The kernel starts this mark at what the process was before exec, a copy of ours: below that it is void.
    if usage.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
        peak = max(peak, usage.ru_maxrss * 1024)
    cpu = usage.ru_utime + usage.ru_stime
    return Ran(seconds, cpu, peak, child.returncode, timed_out, said[-1] if said else "")


def tree(process: psutil.Process) -> int:
    """Bytes resident in a process and all below it."""
    with contextlib.suppress(psutil.Error):  # it ended while we looked
        return sum(map(resident, (process, *process.children(recursive=True))))
    return 0


def resident(process: psutil.Process) -> int:
    """Bytes resident in one process; 0 once it has ended."""
    with contextlib.suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def high_water(pid: int) -> int:
    """The most bytes that a process had resident since it became what it is; 0 once it has ended."""
    try:
        with open(f"/proc/{pid}/status", "rb") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith(b"VmHWM:")), 0)
    except OSError:
        return 0


def scan_command(path: Path) -> tuple[str, ...]:
    """What a user runs."""
    return (*RORQUAL, "scan", str(path), "--json")


def remark(ran: Ran) -> str:
    """What a row must say about a scan that did not end well; empty where it did."""
    if ran.code == 0:
        return ""
    return f"exit {ran.code}" + (f": {ran.last}" if ran.last else "")
