"""A file truncated, grown or replaced while it is read: a recorded fault, never a crash, never "complete"."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import rorqual
from rorqual.findings.report import Report

CHUNK = 64 << 10


def truncate(path: Path) -> None:
    os.truncate(path, CHUNK + 100)


def vanish(path: Path) -> None:
    os.truncate(path, 0)


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    os.replace(other, path)


def remove(path: Path) -> None:
    path.unlink()


def rewrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"not what it was")
    os.utime(path, (1, 1))


def scan_while(path: Path, change: Callable[[Path], None], workers: int) -> Report:
    """The report of a scan during which the file is changed once."""
    changed: list[int] = []

    def progress(passed: int, _size: int | None) -> None:
        if not changed:
            changed.append(passed)
            change(path)

    report = rorqual.scan(path, chunk_size=CHUNK, workers=workers, progress=progress)
    assert changed
    return report


@pytest.mark.parametrize("change", [truncate, vanish, grow, replace, remove, rewrite])
@pytest.mark.parametrize("workers", [1, 3])
def test_change_while_reading(tmp_path: Path, change: Callable[[Path], None], workers: int) -> None:
    path = tmp_path / "sample"
    path.write_bytes(os.urandom(40 * CHUNK))
    report = scan_while(path, change, workers)
    assert not report.complete
    assert {fault.reason for fault in report.faults} <= {"changed", "unreadable"}
    assert any(fault.reason == "changed" for fault in report.faults)
    assert all(fault.analyzer == "engine" or fault.reason == "unreadable" for fault in report.faults)


def test_a_file_cut_short_says_which_bytes_nobody_saw(tmp_path: Path) -> None:
    path = tmp_path / "sample"
    path.write_bytes(os.urandom(40 * CHUNK))
    report = scan_while(path, truncate, 1)
    assert report.source.size < 40 * CHUNK
    for line in report.coverage:
        if line.state == "missed" and line.analyzer != "engine" and line.reason == "changed":
            offset, size = line.ranges[-1]
            assert offset + size == 40 * CHUNK
            break
    else:
        pytest.fail("no analyzer is said to have missed the end")
