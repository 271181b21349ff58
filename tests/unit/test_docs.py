"""The documentation tells the truth: examples run and print what stands below them, links lead somewhere, tables are whole.

`python -m tests.unit.test_docs` writes what the examples print into the pages; review the diff.

A page is a script: its blocks run from top to bottom in an empty folder that has `t64.exe`.
    python   runs; one that begins with `# name.py` becomes that file first
    text     what the python block above prints
    toml     a plug-in's pyproject.toml, which is installed into the folder
    console  a command and what it prints, the run's own line apart
    json     a part of what `rorqual scan t64.exe --json` says; … stands for any text
    sh       commands for the reader: make targets must exist, the other programs are known here
    (none)   a drawing
"""

import contextlib
import hashlib
import importlib.util
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import rorqual
from rorqual import cli
from rorqual.engine.limits import GIB, MIB, Limits

HOUSE = Path(__file__).resolve().parents[2]
PAGES = tuple(
    sorted(
        path
        for folder in (".", "docs", "changelog.d")
        for path in (HOUSE / folder).glob("*.md")
        if path.name != "memory.md"  # written by `make bench`, without examples
    )
)
BLOCK = re.compile(r"^```([a-z]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
SAMPLE = "t64.exe"
SAMPLE_SHA256 = "81a618f21cb87db9076134e70388b6e9cb7c2106739011b6a51772d22cae06b7"
HOMES_OF_SAMPLE = ("distlib", "pip._vendor.distlib", "setuptools._vendor.distlib")
FOR_READERS = {"make", "pip", "pipx", "uv", ".venv/bin/pre-commit"}  # programs of sh blocks
RUN_LINE = re.compile(r"^ .*/s · peak ", re.MULTILINE)  # time, rate, memory: the last line, perhaps wrapped
COMMAND = [sys.executable, "-m", "rorqual"]


@cache
def sample() -> bytes:
    """The launcher that the pages scan, from wherever pip or virtualenv keep it."""
    for name in HOMES_OF_SAMPLE:
        with contextlib.suppress(ModuleNotFoundError):
            spec = importlib.util.find_spec(name)
            path = Path(*(spec.submodule_search_locations or ())) / SAMPLE if spec else None
            if path is not None and path.is_file():
                data = path.read_bytes()
                if hashlib.sha256(data).hexdigest() == SAMPLE_SHA256:
                    return data
    pytest.fail(f"no {SAMPLE} with SHA-256 {SAMPLE_SHA256} in {', '.join(HOMES_OF_SAMPLE)}: the pages need another")


class Page:
    """One page being run; `blocks` are rewritten with what the examples print where `write` is set."""

    def __init__(self, path: Path, folder: Path, *, write: bool = False) -> None:
        self.text = path.read_text(encoding="utf-8")
        self._folder = folder
        self._write = write
        self._names: dict[str, Any] = {"__name__": "__page__"}
        self._printed = ""
        (folder / SAMPLE).write_bytes(sample())
        self.ran = 0

    def run(self) -> str:
        """Runs all blocks and returns the page as it should be."""
        kinds: dict[str, Callable[[str], str]] = {
            "python": self._python,
            "text": self._said,
            "toml": self._plug_in,
            "console": self._console,
            "json": self._json,
            "sh": self._sh,
            "": lambda text: text,
        }

        def block(found: re.Match[str]) -> str:
            kind = found[1]
            assert kind in kinds, f"a block of {kind}, which nothing checks"
            assert self._printed == "" or kind == "text", f"the block before prints {self._printed!r}"
            text = kinds[kind](found[2])
            self.ran += 1
            return f"```{kind}\n{text}```"

        page = BLOCK.sub(block, self.text)
        assert self._printed == "", f"the last block prints {self._printed!r}"
        assert self.text.count("\n```") + self.text.startswith("```") == 2 * self.ran, "a fence was overlooked"
        return page

    def _python(self, text: str) -> str:
        first = text.splitlines()[0]
        if named := re.fullmatch(r"# ([a-z_]+\.py)", first):
            (self._folder / named[1]).write_text(text, encoding="utf-8")
            return text
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(text, "<page>", "exec"), self._names)
        self._printed = out.getvalue()
        return text

    def _said(self, text: str) -> str:
        printed, self._printed = self._printed, ""
        if not self._write:
            assert text == printed
        return printed

    def _console(self, text: str) -> str:
        command, _, shown = text.partition("\n")
        words = shlex.split(command.removeprefix("$ "))
        assert words[0] == "rorqual", f"{command}: only rorqual is run here"
        env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(self._folder), *filter(None, sys.path)]),
            "PYTHONIOENCODING": "utf-8",
            "COLUMNS": "80",
        }
        done = subprocess.run(
            [*COMMAND, *words[1:]],
            cwd=self._folder,
            env=env,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        told, said = RUN_LINE.split(shown), RUN_LINE.split(done.stdout)
        if self._write and told[0] != said[0]:
            return f"{command}\n{done.stdout}"
        assert (told[0], len(told)) == (said[0], len(said))
        return text

    def _plug_in(self, text: str) -> str:
        project = tomllib.loads(text)["project"]
        info = self._folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        )
        lines = []
        for group, entries in project["entry-points"].items():
            lines += [f"[{group}]", *(f"{name} = {target}" for name, target in entries.items())]
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
        return text

    def _json(self, text: str) -> str:
        part = json.loads(text)
        whole = json.loads(rorqual.scan(self._folder / SAMPLE).to_json())
        wrong = list(_missing(part, whole, "$"))
        if not self._write:
            assert wrong == []
        return text

    def _sh(self, text: str) -> str:
        targets = re.findall(r"^([a-z-]+):", (HOUSE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        for line in text.splitlines():
            program, *words = shlex.split(line)
            assert program in FOR_READERS, f"{line}: {program} is not known here"
            if program == "make":
                assert words[0] in targets
        return text


def _missing(part: Any, whole: Any, where: str) -> Iterator[str]:
    """Where `whole` does not have what `part` has."""
    if isinstance(part, dict) and isinstance(whole, dict):
        for name, value in part.items():
            if name in whole:
                yield from _missing(value, whole[name], f"{where}.{name}")
            else:
                yield f"{where}.{name}"
    elif isinstance(part, list) and isinstance(whole, list):
        if not any(isinstance(one, dict) for one in part):
            if part != whole:
                yield where
            return
        for index, one in enumerate(part):
            if all(list(_missing(one, other, where)) for other in whole):
                yield f"{where}[{index}]"
    elif part not in ("…", whole):
        yield where


def _run(path: Path, folder: Path, *, write: bool = False) -> str:
    """Runs a page in a folder of its own, and leaves the interpreter as it was."""
    modules, paths = set(sys.modules), list(sys.path)
    sys.path.insert(0, str(folder))
    try:
        with contextlib.chdir(folder):
            return Page(path, folder, write=write).run()
    finally:
        sys.path[:] = paths
        for name in set(sys.modules) - modules:
            if Path(getattr(sys.modules[name], "__file__", None) or "/").is_relative_to(folder):
                del sys.modules[name]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_examples(path: Path, tmp_path: Path) -> None:
    assert _run(path, tmp_path) == path.read_text(encoding="utf-8")


def test_the_readme_shows_what_the_command_prints() -> None:
    blocks = BLOCK.findall((HOUSE / "README.md").read_text(encoding="utf-8"))
    shown = [text for kind, text in blocks if kind == "console"]
    assert len(shown) == 1
    assert shown[0].startswith(f"$ rorqual scan {SAMPLE}\n{SAMPLE}\n")
    assert RUN_LINE.search(shown[0])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_links_lead_somewhere(path: Path) -> None:
    prose = BLOCK.sub("", path.read_text(encoding="utf-8"))
    links = [link for link in LINK.findall(prose) if "://" not in link]
    dead = [link for link in links if not (path.parent / link).exists() and not _to_be_measured(path, link)]
    assert dead == []


def _to_be_measured(path: Path, link: str) -> bool:
    """The page of measurements is there as soon as there are results to write it from."""
    target = (path.parent / link).resolve()
    return target == HOUSE / "docs" / "memory.md" and not (HOUSE / "bench" / "results.json").exists()


def _rows(page: str) -> dict[str, list[str]]:
    """The rows of all tables whose first cell is `code`, by that: the other cells."""
    rows = {}
    for line in (HOUSE / page).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| `"):
            rows[cells[0].strip("| ").strip("`")] = cells[1:]
    return rows


def _in_words(value: int) -> str:
    for unit, name in ((GIB, "GiB"), (MIB, "MiB")):
        if value and value % unit == 0:
            return f"{value // unit:,} {name}"
    return f"{value:,}"


def test_limits_are_told_with_their_defaults() -> None:
    rows = _rows("docs/limits.md")
    told = {name: rows[name][0] if name in rows else None for name, _ in Limits().items()}
    assert told == {name: _in_words(value) for name, value in Limits().items()}


def test_dependencies_are_told() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = chain(project["dependencies"], *project["optional-dependencies"].values())
    names = {re.split(r"[^A-Za-z0-9_.-]", one, maxsplit=1)[0] for one in wanted}
    assert names == set(_rows("docs/dependencies.md"))


def test_exit_codes_are_told() -> None:
    codes = {cli.DONE, cli.ERROR, cli.INCOMPLETE, cli.CONDITION}
    for page in ("README.md", "docs/report.md"):
        table = re.findall(r"^\| (\d+) \| ", (HOUSE / page).read_text(encoding="utf-8"), re.MULTILINE)
        assert [int(code) for code in table] == sorted(codes), page
    text = (HOUSE / "docs/report.md").read_text(encoding="utf-8")
    assert str(cli.INTERRUPTED) in text
    assert str(cli.BROKEN_PIPE) in text


def test_top_level_of_the_report_is_told() -> None:
    told = [name for name in _rows("docs/report.md") if name in rorqual.scan(b"").to_dict()]
    assert told[: len(rorqual.scan(b"").to_dict())] == list(rorqual.scan(b"").to_dict())


if __name__ == "__main__":
    for _page in PAGES:
        with tempfile.TemporaryDirectory() as _folder:
            _new = _run(_page, Path(_folder), write=True)
        if _new != _page.read_text(encoding="utf-8"):
            _page.write_text(_new, encoding="utf-8")
            print(f"{_page.relative_to(HOUSE)}: changed")
