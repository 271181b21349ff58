"""Imports run one way, analyzers stand on the sdk alone, and one place catches everything."""

import ast
import subprocess
import sys
from pathlib import Path

import rorqual
from rorqual.analyzers.later import Later
from rorqual.engine.plan import installed

HOUSE = Path(rorqual.__file__).parent
GROUND = {"sources", "findings", "frozen", "digests", "histogram", "kernels", "oracles", "_kernels"}
MAY_IMPORT = {  # room: rooms it may import from beside its own
    "sources": set(),
    "oracles": set(),
    "kernels": {"oracles", "_kernels"},
    "histogram": {"kernels", "oracles"},
    "frozen": set(),
    "findings": {"frozen", "kernels"},
    "digests": {"frozen", "kernels", "oracles"},
    "sdk": GROUND,
    "analyzers": {"sdk"},
    "engine": {"sdk", *GROUND},
    "render": {"findings"},
    "run": {"engine", "sdk", *GROUND},
    "cli": {"run", "render", "findings", "engine"},
    "__main__": {"cli"},
    "__init__": {"run", "engine", "findings", "sources"},
}
FREE = {"__version__"}  # of the package itself


def _modules() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(HOUSE.rglob("*.py"))]


def _room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def _imports(tree: ast.Module) -> set[str]:
    """Dotted names within the package, whether at the top or inside functions."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] == "rorqual" and name.split(".")[1:] != []}


def test_imports_run_one_way() -> None:
    wrong = []
    for path, tree in _modules():
        room = _room(path)
        for name in _imports(tree):
            other = name.split(".")[1]
            if other != room and other not in FREE and other not in MAY_IMPORT[room]:
                wrong.append(f"{path.relative_to(HOUSE)} imports {name}")
    assert wrong == []


def test_one_place_catches_everything() -> None:
    catching = []
    for path, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                names = (
                    {child.id for child in ast.walk(node.type) if isinstance(child, ast.Name)} if node.type else {""}
                )
                raised_again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
                if names & {"", "Exception", "BaseException"} and not raised_again:
                    catching.append(str(path.relative_to(HOUSE)))
    assert catching == ["engine/guard.py"]


def test_files_stay_small() -> None:
    long = {
        str(path.relative_to(HOUSE)): lines
        for path, _ in _modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 250 and _room(path) == "analyzers"
    }
    assert long == {}


def test_what_is_loaded_later_says_of_itself_what_stands_for_it() -> None:
    standing = [one for one in installed() if isinstance(one, Later)]
    assert standing
    for one in standing:
        probe = one.loaded()
        assert (one.name, one.version) == (probe.name, probe.version)
        assert set(one.wakes_on) == set(probe.wakes_on), one.name
        assert set(one.announces) == set(getattr(probe, "announces", ())), one.name
        assert one.options == tuple(getattr(probe, "options", ())), one.name


def test_a_scan_loads_only_the_formats_it_meets() -> None:
    script = """
import sys, rorqual
report = rorqual.scan(b"neither a program nor anything else" * 99)
loaded = [name for name in sys.modules if name.startswith("rorqual.analyzers.formats.") and name.count(".") > 3]
print(report.complete, loaded)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "[]"]
