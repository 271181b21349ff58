"""The corpus: `tests/corpus/<analyzer>/<case>/` holds an input and the report that is expected of it.

The input is `make.py` with `def build() -> bytes`, or annotated hex in `input.hex` (what follows # is a remark), or, when
neither will do, `input.bin`. `expected.json` is written by `make golden` and reviewed as code.
"""

import copy
import importlib.util
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

import rorqual
from rorqual.findings.report import Child, Report

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Case:
    """One input of one analyzer's corpus."""

    analyzer: str
    name: str
    folder: Path

    def __str__(self) -> str:
        return f"{self.analyzer}/{self.name}"

    @property
    def expected(self) -> Path:
        return self.folder / "expected.json"

    def data(self) -> bytes:
        """The input's bytes."""
        return _data(self.folder)


@cache
def _data(folder: Path) -> bytes:
    if (maker := folder / "make.py").exists():
        spec = importlib.util.spec_from_file_location(f"corpus_{folder.parent.name}_{folder.name}", maker)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        data: bytes = module.build()
        return data
    if (dump := folder / "input.hex").exists():
        lines = (line.split("#")[0] for line in dump.read_text(encoding="utf-8").splitlines())
        return bytes.fromhex("".join(lines))
    return (folder / "input.bin").read_bytes()


@cache
def cases() -> tuple[Case, ...]:
    """All cases, by analyzer and name."""
    folders = sorted(path for path in CORPUS.glob("*/*") if path.is_dir() and path.name != "__pycache__")
    return tuple(Case(folder.parent.name, folder.name, folder) for folder in folders)


def handed_on(report: Report) -> list[Child]:
    """The children that somebody handed on: not what was carved, nor what lies between."""
    return [child for child in report.children if child.place[-1][1] not in ("carved", "gap")]


def spread(most: int | None = None) -> list[ParameterSet]:
    """All cases (of at most so many bytes) for a law that takes long: one of each analyzer now, the others in the
    slow suite. The one is the clean case, or else the largest of those below 4 KiB."""
    chosen = [case for case in cases() if most is None or len(case.data()) <= most]
    first: dict[str, Case] = {}
    for case in sorted(chosen, key=lambda case: (case.name != "clean", len(case.data()) > 4096, -len(case.data()))):
        first.setdefault(case.analyzer, case)
    return [pytest.param(case, marks=() if first[case.analyzer] == case else pytest.mark.slow) for case in chosen]


def body(report: Report) -> dict[str, Any]:
    """All of a report that must not differ between two runs."""
    whole: dict[str, Any] = report.to_dict()
    del whole["run"]
    return whole


@cache
def usual(case: Case) -> dict[str, Any]:
    """The body of the case's report as it comes out by default; not to be changed."""
    return body(rorqual.scan(case.data()))


def golden(case: Case) -> dict[str, Any]:
    """What `expected.json` holds: the report as far as it is the analyzer's own doing."""
    whole = copy.deepcopy(usual(case))
    mine = [finding for finding in whole["findings"] if finding["analyzer"] == case.analyzer]
    verdicts = [verdict for verdict in whole["verdicts"] if verdict["analyzer"] == case.analyzer]
    for said in (*mine, *verdicts):
        del said["id"]
    return {
        "size": whole["source"]["size"],
        "complete": whole["complete"],
        "faults": whole["faults"],
        "type": whole["type"] and whole["type"]["format"],
        "children": [child["place"] for child in whole["children"]],
        "verdicts": verdicts,
        "findings": mine,
    }


def text(expected: dict[str, Any]) -> str:
    """As `expected.json` has it."""
    wide = json.dumps(expected, indent=1, ensure_ascii=False)
    # Columns of numbers stand on one line each.
    return re.sub(r"\[[\s\d.,e+-]+\]", lambda column: " ".join(column[0].split()), wide) + "\n"
