"""`ChunkedFileReader` and `log_memory_usage`, by the import path of the founding specification."""

import hashlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core_engine.chunked_file_reader import (
    ChunkedFileReader,
    ChunkSizeError,
    DirectoryError,
    FileMissingError,
    LargeReadWarning,
    MmapThresholdError,
    NegativeRangeError,
    NotARegularFileError,
    OverlapError,
    RangeBeyondEndError,
    ReaderClosedError,
    ReaderNotOpenError,
    log_memory_usage,
)
from rorqual.sources import chunked_file_reader

MIB = 1 << 20
MB = 1_000_000

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def sparse(path: Path, size: int, parts: dict[int, bytes]) -> Path:
    """A file of `size` bytes, zero but for `parts` by offset; the holes take no disk."""
    with path.open("wb") as file:
        file.truncate(size)
        for offset, data in parts.items():
            file.seek(offset)
            file.write(data)
    return path


def run_python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.bin"
    path.write_bytes(bytes(range(256)) * 4)
    return path


@pytest.fixture(scope="module")
def file_150_mb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("reader") / "150MB.bin"
    yield sparse(path, 150 * MB, {0: b"first", 8 * MIB - 3: b"across", 150 * MB - 4: b"last"})
    path.unlink()


@pytest.fixture(scope="module")
def file_500_mb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("reader") / "500MB.bin"
    real = Path(sys.executable).resolve().read_bytes()[: 4 * MIB]
    yield sparse(path, 500 * MB, {0: real, 250 * MB + 1: real, 500 * MB - len(real): real})
    path.unlink()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reader") / "scratch.bin"


def test_small_file_as_the_founding_specification_reads_it(small: Path) -> None:
    with ChunkedFileReader(small) as reader:
        assert reader.get_file_size() == 1024
        assert not reader.is_using_mmap()
        assert (reader.chunk_size, reader.mmap_threshold) == (8 * MIB, 100 * MIB)
        chunks = []
        for chunk in reader.read_chunks():
            assert isinstance(chunk, bytes)
            chunks.append(chunk)
        assert chunks == [small.read_bytes()]


def test_chunks_have_the_size_asked_for_and_the_last_is_shorter(small: Path) -> None:
    with ChunkedFileReader(small, 300) as reader:
        assert [len(chunk) for chunk in reader.read_chunks()] == [300, 300, 300, 124]
        assert [offset for offset, _ in reader.enumerate_chunks()] == [0, 300, 600, 900]
        assert b"".join(reader.read_chunks()) == small.read_bytes()


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    with ChunkedFileReader(path, mmap_threshold=1) as reader:
        assert reader.get_file_size() == 0
        assert not reader.is_using_mmap()
        assert list(reader.read_chunks()) == []
        assert list(reader.read_chunks(overlap=3)) == []
        assert list(reader.read_chunks_into()) == []
        assert reader.read_all() == b""
        assert reader.read_range(0, 10) == b""
        assert bytes(reader.view_range(0, 10)) == b""
        with pytest.raises(RangeBeyondEndError):
            reader.read_range(1, 1)


def test_paths_of_every_kind(small: Path) -> None:
    class Somewhere:
        def __fspath__(self) -> str:
            return os.fspath(small)

    for path in (small, str(small), Somewhere()):
        with ChunkedFileReader(path) as reader:
            assert reader.read_all() == small.read_bytes()


def test_descriptor_stays_open_and_where_it_was(small: Path) -> None:
    with small.open("rb", buffering=0) as file:
        file.seek(7)
        with ChunkedFileReader(file.fileno(), 100) as reader:
            assert reader.name == f"file descriptor {file.fileno()}"
            assert b"".join(reader.read_chunks()) == small.read_bytes()
        assert file.tell() == 7
        assert file.read(1) == b"\x07"


def test_150_mb_is_mapped_and_read_in_full(file_150_mb: Path) -> None:
    with ChunkedFileReader(file_150_mb) as reader:
        assert reader.get_file_size() == 150 * MB
        assert reader.is_using_mmap()
        assert [len(chunk) for chunk in reader.read_chunks()] == [8 * MIB] * 17 + [150 * MB - 17 * 8 * MIB]
        assert reader.read_range(8 * MIB - 4, 8) == b"\0across\0"
        assert bytes(reader.view_range(150 * MB - 5, 100)) == b"\0last"
    assert not reader.is_using_mmap()


def test_threshold_decides_about_the_map(small: Path) -> None:
    for threshold, mapped in ((1023, True), (1024, False), (1025, False)):
        with ChunkedFileReader(small, mmap_threshold=threshold) as reader:
            assert reader.is_using_mmap() is mapped
            assert b"".join(reader.read_chunks()) == small.read_bytes()


def test_500_mb_digest_by_every_way_of_reading(file_500_mb: Path) -> None:
    with file_500_mb.open("rb") as file:
        expected = hashlib.file_digest(file, "sha256").hexdigest()
    plain, into = hashlib.sha256(), hashlib.sha256()
    with ChunkedFileReader(file_500_mb) as reader:
        for chunk in reader.read_chunks():
            plain.update(chunk)
        for view in reader.read_chunks_into():
            into.update(view)
    assert plain.hexdigest() == into.hexdigest() == expected


@linux_only
@pytest.mark.parametrize("method", ["read_chunks", "read_chunks_into", "enumerate_chunks"])
def test_500_mb_takes_the_memory_of_two_chunks(file_500_mb: Path, method: str) -> None:
    code = """
import re, sys
from rorqual.sources.chunked_file_reader import ChunkedFileReader
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) << 10
with ChunkedFileReader(sys.argv[1]) as reader:
    before = peak()
    for chunk in getattr(reader, sys.argv[2])():
        pass
    print(peak() - before)
"""
    done = run_python(code, file_500_mb, method)
    assert done.returncode == 0, done.stderr
    # Two chunks, and a huge page of 2 MiB where the kernel rounds up.
    assert int(done.stdout) <= 2 * 8 * MIB + 2 * MIB


def test_views_are_of_the_map_and_outlive_the_reader(small: Path) -> None:
    with ChunkedFileReader(small, mmap_threshold=1) as reader:
        view = reader.view_range(10, 20)
        assert view.readonly
        with small.open("r+b") as file:
            file.seek(10)
            file.write(b"!")
        assert view[0] == ord("!")
    assert bytes(view) == small.read_bytes()[10:30]


def test_chunks_into_the_callers_buffer(small: Path) -> None:
    buffer = bytearray(b"." * 600)
    with ChunkedFileReader(small) as reader:
        chunks = reader.read_chunks_into(buffer)
        first = next(chunks)
        assert bytes(first) == small.read_bytes()[:600]
        second = next(chunks)
        assert bytes(second) == small.read_bytes()[600:]
        assert first.obj is buffer
        assert list(chunks) == []
        with pytest.raises(ChunkSizeError, match=r"^buffer: "):
            reader.read_chunks_into(bytearray())


def test_range_that_runs_past_the_end_gives_what_is_there(small: Path) -> None:
    with ChunkedFileReader(small) as reader:
        assert reader.read_range(1000, 1 << 40) == small.read_bytes()[1000:]
        assert reader.read_range(1024, 10) == b""
        assert reader.read_range(5, 0) == b""


@pytest.mark.parametrize(
    ("offset", "size", "error", "message"),
    [
        (-1, 1, NegativeRangeError, "offset -1: "),
        (0, -2, NegativeRangeError, "size -2: "),
        (1025, 1, RangeBeyondEndError, "offset 1025: "),
    ],
)
def test_ranges_that_cannot_be(small: Path, offset: int, size: int, error: type[Exception], message: str) -> None:
    with ChunkedFileReader(small) as reader:
        for method in (reader.read_range, reader.view_range):
            with pytest.raises(error, match=f"^{message}") as caught:
                method(offset, size)
            assert isinstance(caught.value, ValueError)


def test_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "missing"
    with pytest.raises(FileMissingError, match=f"^{path}: no such file") as caught:
        ChunkedFileReader(path)
    assert isinstance(caught.value, FileNotFoundError)


def test_file_removed_between_making_and_opening(small: Path) -> None:
    reader = ChunkedFileReader(small)
    small.unlink()
    with pytest.raises(FileMissingError, match=f"^{small}: "):
        reader.open()


def test_directory(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match=f"^{tmp_path}: is a directory") as caught:
        ChunkedFileReader(tmp_path)
    assert isinstance(caught.value, IsADirectoryError)


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
def test_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    path.touch()
    reader = ChunkedFileReader(path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(NotARegularFileError, match=f"^{path}: is a pipe"):
        ChunkedFileReader(path)
    with pytest.raises(NotARegularFileError, match=f"^{path}: is a pipe"):
        reader.open()


@pytest.mark.parametrize("size", [0, -1])
def test_sizes_that_are_not_positive(small: Path, size: int) -> None:
    with pytest.raises(ChunkSizeError, match=f"^chunk_size {size}: ") as chunk:
        ChunkedFileReader(small, chunk_size=size)
    with pytest.raises(MmapThresholdError, match=f"^mmap_threshold {size}: ") as threshold:
        ChunkedFileReader(small, mmap_threshold=size)
    assert isinstance(chunk.value, ValueError)
    assert isinstance(threshold.value, ValueError)


@pytest.mark.parametrize("overlap", [-1, 300, 301])
def test_overlap_that_leaves_no_step(small: Path, overlap: int) -> None:
    with ChunkedFileReader(small, 300) as reader:
        for method in (reader.read_chunks, reader.enumerate_chunks, reader.read_chunks_into):
            with pytest.raises(OverlapError, match=f"^overlap {overlap}: "):
                method(overlap=overlap)


USES: list[Callable[[ChunkedFileReader], object]] = [
    lambda reader: reader.read_chunks(),
    lambda reader: reader.enumerate_chunks(),
    lambda reader: reader.read_chunks_into(),
    lambda reader: reader.read_range(0, 1),
    lambda reader: reader.view_range(0, 1),
    lambda reader: reader.read_all(),
]


@pytest.mark.parametrize("use", USES)
def test_use_before_opening_and_after_closing(small: Path, use: Callable[[ChunkedFileReader], object]) -> None:
    reader = ChunkedFileReader(small)
    assert reader.closed
    assert reader.get_file_size() == 1024
    with pytest.raises(ReaderNotOpenError, match=f"^{small}: ") as early:
        use(reader)
    with reader:
        assert not reader.closed
        use(reader)
    with pytest.raises(ReaderClosedError, match=f"^{small}: ") as late:
        use(reader)
    assert isinstance(early.value, RuntimeError)
    assert isinstance(late.value, RuntimeError)


def test_chunks_asked_for_after_closing(small: Path) -> None:
    with ChunkedFileReader(small, 100) as reader:
        iterators = [reader.read_chunks(), reader.enumerate_chunks(), reader.read_chunks_into()]
        for chunks in iterators:
            next(chunks)
    for chunks in iterators:
        with pytest.raises(ReaderClosedError):
            next(chunks)


def test_closing_twice_and_opening_again(small: Path) -> None:
    reader = ChunkedFileReader(small).open()
    reader.close()
    reader.close()
    with reader.open() as again:
        assert again.read_all() == small.read_bytes()


def test_read_all_warns_above_the_threshold(small: Path) -> None:
    warned = pytest.warns(LargeReadWarning, match=f"^{small}: read_all holds 1024 bytes")
    with ChunkedFileReader(small, mmap_threshold=1000) as reader, warned:
        assert reader.read_all() == small.read_bytes()
    with ChunkedFileReader(small) as reader:
        assert reader.read_all() == small.read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="a mapped file cannot be cut there")
def test_truncated_while_mapped_is_an_error_and_not_a_signal(tmp_path: Path) -> None:
    path = sparse(tmp_path / "cut.bin", 64 * MIB, {})
    code = """
import os, sys
from rorqual.sources.chunked_file_reader import ChunkedFileReader, FileTruncatedError
with ChunkedFileReader(sys.argv[1], 1 << 20, mmap_threshold=1) as reader:
    assert reader.is_using_mmap()
    ways = [reader.read_chunks(), reader.enumerate_chunks(), reader.read_chunks_into()]
    for way in ways:
        next(way)
    os.truncate(sys.argv[1], 3 << 19)
    attempts = [
        *(lambda way=way: next(way) for way in ways),
        lambda: reader.read_range(1 << 20, 1 << 20),
        lambda: reader.view_range(1 << 20, 1 << 20),
    ]
    for attempt in attempts:
        try:
            attempt()
        except FileTruncatedError as error:
            print(error)
    assert len(reader.read_range(1 << 20, 1 << 19)) == len(reader.view_range(1 << 20, 1 << 19)) == 1 << 19
"""
    done = run_python(code, path)
    assert done.returncode == 0, done.stderr
    line = f"{path}: ends at {3 << 19}, was {64 * MIB} bytes when it was opened"
    assert done.stdout.splitlines() == [line] * 5


def test_file_that_grows_is_read_to_the_size_it_had(small: Path) -> None:
    before = small.read_bytes()
    with ChunkedFileReader(small, 500) as reader:
        chunks = reader.read_chunks()
        first = next(chunks)
        with small.open("ab") as file:
            file.write(b"more" * 1000)
        assert first + b"".join(chunks) == before
        assert reader.get_file_size() == len(before)


def test_several_threads_and_iterations_at_once(tmp_path: Path) -> None:
    path = tmp_path / "shared.bin"
    path.write_bytes(os.urandom(1 << 20))
    results: list[bytes] = []
    with ChunkedFileReader(path, 4096) as reader:
        threads = [threading.Thread(target=lambda: results.append(b"".join(reader.read_chunks()))) for _ in range(3)]
        for thread in threads:
            thread.start()
        pairs = zip(reader.read_chunks(), reader.read_chunks(), strict=True)
        assert all(one == other for one, other in pairs)
        for thread in threads:
            thread.join()
    assert results == [path.read_bytes()] * 3


@settings(deadline=None, max_examples=150)
@given(
    data=st.binary(max_size=300),
    chunk_size=st.integers(1, 400),
    overlap=st.integers(0, 399),
    mapped=st.booleans(),
    positional=st.booleans(),
)
def test_any_chunk_size_and_overlap(
    scratch: Path, *, data: bytes, chunk_size: int, overlap: int, mapped: bool, positional: bool
) -> None:
    overlap %= chunk_size
    step = chunk_size - overlap
    scratch.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        if not positional:  # as on a system that has no positional reads
            patch.setattr(chunked_file_reader, "_POSITIONAL", False)
        with ChunkedFileReader(scratch, chunk_size, 1 if mapped else 1000) as reader:
            assert b"".join(reader.read_chunks()) == data
            windows = list(reader.enumerate_chunks(overlap=overlap))
            assert [chunk for _, chunk in windows] == list(reader.read_chunks(overlap=overlap))
            buffer = bytearray(chunk_size)
            assert [bytes(view) for view in reader.read_chunks_into(buffer, overlap=overlap)] == [
                chunk for _, chunk in windows
            ]
    assert [offset for offset, _ in windows] == [index * step for index in range(len(windows))]
    assert all(chunk == data[offset : offset + chunk_size] for offset, chunk in windows)
    assert all(len(chunk) == chunk_size for _, chunk in windows[:-1])
    rebuilt = b"".join(chunk[overlap if offset else 0 :] for offset, chunk in windows)
    assert rebuilt == data
    assert all(len(chunk) > overlap for _, chunk in windows[1:])


@settings(deadline=None, max_examples=150)
@given(data=st.binary(max_size=300), offset=st.integers(0, 320), size=st.integers(0, 400), mapped=st.booleans())
def test_any_range_is_a_slice(scratch: Path, data: bytes, offset: int, size: int, mapped: bool) -> None:
    scratch.write_bytes(data)
    with ChunkedFileReader(scratch, mmap_threshold=1 if mapped else 1000) as reader:
        if offset > len(data):
            with pytest.raises(RangeBeyondEndError):
                reader.read_range(offset, size)
        else:
            assert reader.read_range(offset, size) == data[offset : offset + size]
            assert bytes(reader.view_range(offset, size)) == data[offset : offset + size]


LOGGER = logging.getLogger("rorqual.tests.memory")


def test_memory_is_logged_in_megabytes(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, LOGGER.name):
        megabytes = log_memory_usage("after the sweep", LOGGER)
    assert megabytes is not None
    assert 5 < megabytes < 1500
    assert [record.levelname for record in caplog.records] == ["DEBUG"]
    assert caplog.messages == [f"after the sweep: {megabytes:.1f} MB resident"]


@pytest.mark.parametrize(("resident", "levels"), [(1_500_000_000, ["DEBUG"]), (1_500_000_001, ["DEBUG", "WARNING"])])
def test_memory_above_one_and_a_half_gigabytes_is_a_warning(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, resident: int, levels: list[str]
) -> None:
    process = SimpleNamespace(memory_info=lambda: SimpleNamespace(rss=resident))
    monkeypatch.setitem(sys.modules, "psutil", SimpleNamespace(Process=lambda: process))
    with caplog.at_level(logging.DEBUG, LOGGER.name):
        assert log_memory_usage("big", LOGGER) == resident / 1e6
    assert [record.levelname for record in caplog.records] == levels


def test_memory_without_psutil_is_silent(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)
    with caplog.at_level(logging.DEBUG):
        assert log_memory_usage("unknown", LOGGER) is None
    assert caplog.messages == []
