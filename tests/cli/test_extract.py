"""`rorqual scan --extract DIR`."""

import hashlib
import json
from pathlib import Path

import pytest

from rorqual.cli import main
from tests.builders.pe import build

BASE = build()


def test_the_core_and_what_lies_beside_it_are_written(tmp_path: Path) -> None:
    padded = tmp_path / "padded.exe"
    padded.write_bytes(BASE + bytes(11 << 20) + b"beside it" * 9)
    folder = tmp_path / "out" / "of it"
    assert main(["scan", str(padded), "--extract", str(folder), "--fail-on", "padded"]) == 10
    core = hashlib.sha256(BASE).hexdigest()
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert files.pop(f"{core}.core.exe") == BASE
    beside = b"beside it" * 9
    digest = hashlib.sha256(beside).hexdigest()
    assert files.pop(f"{digest}.beside-{len(BASE) + (11 << 20):#x}.bin") == beside
    assert files.pop(f"{digest}.bin") == beside  # it is a child too
    ((name, manifest),) = files.items()
    assert name == f"{hashlib.sha256(padded.read_bytes()).hexdigest()}.manifest.json"
    assert [row["file"] for row in json.loads(manifest)["children"]] == [f"{digest}.bin"]


def test_a_folder_that_cannot_be_is_one_line_and_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.write_bytes(BASE)
    assert main(["scan", str(file), "--extract", str(file)]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and str(file) in said.err
    assert file.read_bytes() == BASE
