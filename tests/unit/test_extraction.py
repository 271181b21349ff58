"""What cannot be written, or changed meanwhile, is a fault in a report that is there all the same."""

import errno
import hashlib
import os
import re
import shutil
from pathlib import Path

import pytest

from rorqual.cli import main
from rorqual.engine.descent import Descent
from rorqual.findings.ledger import Reason
from rorqual.findings.report import Report
from rorqual.run import extract
from rorqual.run.local import scan
from rorqual.sources.file import MemorySource
from tests.builders.pe import build

BASE = build()
BESIDE = b"beside it" * 9
BEHIND = len(BASE) + (11 << 20)
WHOLE = BASE + bytes(11 << 20) + BESIDE
CORE = hashlib.sha256(BASE).hexdigest() + ".core.exe"


@pytest.fixture
def padded(tmp_path: Path) -> Path:
    file = tmp_path / "padded.exe"
    file.write_bytes(WHOLE)
    return file


def after_the_sweep(monkeypatch: pytest.MonkeyPatch, change: object) -> None:
    """Has `change` called between the sweep and the extraction."""
    run = Descent.run

    def changed(self: Descent, *args: object) -> None:
        run(self, *args)  # type: ignore[arg-type]  # handed on as they came
        change()  # type: ignore[operator]  # a function

    monkeypatch.setattr(Descent, "run", changed)


def reasons(report: Report) -> set[tuple[str, Reason]]:
    assert not report.complete and any(finding.kind == "core" for finding in report)
    return {(fault.analyzer, fault.reason) for fault in report.faults}


CHILD = re.compile(r"[0-9a-f]{64}\.bin")


def names(folder: Path) -> list[str]:
    """What is there beside the children and the manifest."""
    there = (path.name for path in folder.iterdir() if not path.name.endswith(".manifest.json"))
    return sorted(name for name in there if not CHILD.fullmatch(name))


@pytest.mark.parametrize("left", [100, BEHIND + 10])
def test_a_file_cut_short_after_the_sweep(
    left: int, padded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_the_sweep(monkeypatch, lambda: os.truncate(padded, left))
    told = reasons(scan(padded, extract=tmp_path / "out"))
    assert {("extract", Reason.UNREADABLE), ("engine", Reason.CHANGED)} <= told
    assert names(tmp_path / "out") == ([] if left == 100 else [CORE])


def test_it_is_exit_2(padded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after_the_sweep(monkeypatch, lambda: os.truncate(padded, 100))
    assert main(["scan", str(padded), "--extract", str(tmp_path / "out")]) == 2


def test_what_lies_beside_and_changed_is_not_written(
    padded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change() -> None:
        with padded.open("r+b") as file:
            file.seek(BEHIND)
            file.write(b"EVIL")
        os.utime(padded, ns=(0, 0))

    after_the_sweep(monkeypatch, change)
    told = reasons(scan(padded, extract=tmp_path / "out"))
    assert told == {("extract", Reason.CHANGED), ("engine", Reason.CHANGED)}
    assert names(tmp_path / "out") == [CORE]


def test_a_change_while_it_is_extracted_is_told(padded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = extract._write_all

    def change(descriptor: int, data: bytes) -> None:
        write(descriptor, data)
        os.utime(padded, ns=(0, 0))

    monkeypatch.setattr(extract, "_write_all", change)
    assert reasons(scan(padded, extract=tmp_path / "out")) == {("engine", Reason.CHANGED)}


def test_a_full_disk(padded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(extract, "_write_all", full)
    report = scan(padded, extract=tmp_path / "out")
    assert reasons(report) == {("extract", Reason.MACHINE)}
    core = report.faults[0].message
    assert CORE.removesuffix(".exe") in core and "No space left" in core and ".rorqual" not in core
    assert names(tmp_path / "out") == []


@pytest.mark.parametrize("squatter", ["fifo", "link", "dangling", "folder", "file"])
def test_a_name_that_is_taken(squatter: str, padded: Path, tmp_path: Path) -> None:
    if squatter == "fifo" and not hasattr(os, "mkfifo"):
        pytest.skip("no FIFOs")
    folder, victim = tmp_path / "out", tmp_path / "victim"
    folder.mkdir()
    victim.write_bytes(b"mine")
    name = folder / CORE
    if squatter == "fifo":
        os.mkfifo(name)
    elif squatter == "folder":
        name.mkdir()
    elif squatter == "file":
        name.write_bytes(bytes(len(BASE)))
    else:
        name.symlink_to(victim if squatter == "link" else "nowhere")
    report = scan(padded, extract=folder)
    assert reasons(report) == {("extract", Reason.MACHINE)}
    assert CORE in report.faults[0].message and ".rorqual" not in report.faults[0].message
    assert victim.read_bytes() == b"mine" and not (folder / "nowhere").exists()
    assert len(names(folder)) == 2  # the squatter, and what lies beside: one failure does not keep the next from it


def test_a_folder_that_is_gone(padded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after_the_sweep(monkeypatch, lambda: shutil.rmtree(tmp_path / "out"))
    assert reasons(scan(padded, extract=tmp_path / "out")) == {("extract", Reason.MACHINE)}


def test_without_hard_links(padded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    for _ in range(2):
        assert scan(padded, extract=tmp_path / "out").complete
    assert len(names(tmp_path / "out")) == 2


def test_what_the_report_has_no_digest_of_says_so(tmp_path: Path) -> None:
    source = scan(WHOLE[:-60])  # 21 bytes lie beside, too few for a child
    core = next(finding for finding in source if finding.kind == "core")
    made = list(extract.extract(MemorySource(WHOLE[:-60]), [core], tmp_path))
    assert [one.verified for one in made if isinstance(one, extract.Written)] == [True, False]
