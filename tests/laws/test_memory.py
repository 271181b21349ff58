"""Memory is the budget's, whatever the file: the peak of a whole process is read from the system, not from the report."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rorqual.engine.memory import DEFAULT, LEAST, Budget

MIB = 1 << 20

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")

SCAN = """
import sys, rorqual
report = rorqual.scan(sys.argv[1], memory=int(sys.argv[2]), chunk_size=int(sys.argv[3]))
with open("/dev/null", "w") as out:
    report.write_json(out)
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak) * 1024, report.source.size, report.complete)
"""


def peak(path: Path, memory: int, chunk: int) -> int:
    """Bytes, of a process that scans the file within the budget."""
    command = [sys.executable, "-c", SCAN, str(path), str(memory), str(chunk)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    most, size, complete = done.stdout.split()
    assert int(size) == path.stat().st_size
    assert complete == "True"
    return int(most)


def sparse(path: Path, size: int) -> Path:
    """A file with something at both ends and in the middle, and holes between."""
    with path.open("wb") as file:
        file.truncate(size)
        for at in (0, size // 2, size - 200_000):
            file.seek(at)
            file.write(os.urandom(100_000))
    return path


def test_a_chunk_larger_than_the_budget_is_cut_to_it(tmp_path: Path) -> None:
    path = sparse(tmp_path / "sample", 300 * MIB)
    assert peak(path, LEAST, 1 << 30) <= LEAST
    assert peak(path, DEFAULT, 1 << 30) <= DEFAULT


def test_twice_the_file_takes_no_more_memory(tmp_path: Path) -> None:
    once = peak(sparse(tmp_path / "once", 150 * MIB), DEFAULT, 8 * MIB)
    twice = peak(sparse(tmp_path / "twice", 300 * MIB), DEFAULT, 8 * MIB)
    assert twice <= once * 1.05


@pytest.mark.slow
def test_the_least_budget_and_a_file_a_hundred_times_larger(tmp_path: Path) -> None:
    assert peak(sparse(tmp_path / "sample", 100 * LEAST), LEAST, 8 * MIB) <= LEAST


@pytest.mark.slow
def test_a_flood_of_hits_stays_in_the_budget(tmp_path: Path) -> None:
    path = tmp_path / "flood"
    with path.open("wb") as file:
        for _ in range(32):
            file.write(b"MZ\0\0" * (MIB // 4))
    assert peak(path, DEFAULT, 8 * MIB) <= DEFAULT


def test_a_budget_in_which_nothing_runs_is_refused() -> None:
    with pytest.raises(ValueError, match="less than the"):
        Budget(LEAST - 1)
