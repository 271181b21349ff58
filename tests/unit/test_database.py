"""The cache of compiled patterns: its owner's alone, verified before loading, never needed."""

import os
from pathlib import Path

import pytest

from rorqual.engine import database
from rorqual.engine.patterns import Patterns
from rorqual.sdk import Anchor

pytest.importorskip("hyperscan", reason="no Hyperscan wheel for this machine")

PATTERNS = Patterns([(0, Anchor(b"abcd")), (0, Anchor(rb"MZ[\x00-\xff]{5}"))])


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "rorqual"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Collects what is compiled, in this process: a child of its own is another test's matter."""
    calls: list[bytes] = []

    def here(request: bytes) -> bytes:
        calls.append(request)
        return database.compile_patterns(request)

    monkeypatch.setattr(database, "_compile_in_child", here)
    return calls


def test_a_child_compiles_and_the_owner_alone_can_read_it(cache: Path) -> None:
    assert database.load(PATTERNS) is not None
    (entry,) = cache.iterdir()
    assert entry.stat().st_mode & 0o777 == 0o600
    assert cache.stat().st_mode & 0o777 == 0o700


def test_the_second_time_nothing_is_compiled(cache: Path, compiled: list[bytes]) -> None:
    database.load(PATTERNS)
    database.load(PATTERNS)
    assert len(compiled) == 1


def test_other_patterns_are_another_entry(cache: Path, compiled: list[bytes]) -> None:
    database.load(PATTERNS)
    database.load(Patterns([(0, Anchor(b"abce"))]))
    assert len(compiled) == 2
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "others", "link"])
def test_an_entry_that_is_not_whole_and_ours_is_not_loaded(
    cache: Path, compiled: list[bytes], harm: str, tmp_path: Path
) -> None:
    database.load(PATTERNS)
    (entry,) = cache.iterdir()
    data = bytearray(entry.read_bytes())
    match harm:
        case "flip":
            data[-9] ^= 1
            entry.write_bytes(data)
        case "cut":
            entry.write_bytes(data[:-1])
        case "empty":
            entry.write_bytes(b"")
        case "others":
            entry.chmod(0o666)
        case "link":
            real = tmp_path / "elsewhere"
            os.replace(entry, real)
            entry.symlink_to(real)
    assert database.load(Patterns([(one.probe, one.anchor) for one in PATTERNS])) is not None
    assert len(compiled) == 2


def test_a_cache_that_others_can_write_is_not_used(cache: Path, compiled: list[bytes]) -> None:
    cache.mkdir(mode=0o700)
    cache.chmod(0o777)
    assert database.load(PATTERNS) is not None
    assert list(cache.iterdir()) == []


def test_without_a_cache_it_works_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled: list[bytes]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert database.load(PATTERNS) is not None


def test_what_the_compiler_refuses_is_said(cache: Path) -> None:
    with pytest.raises(database.CompileFailed, match=r"(?i)character class|error|compile"):
        database.load(Patterns([(0, Anchor(b"[z-a]b"))]))


def test_no_patterns_no_database() -> None:
    assert database.load(Patterns([])) is None
