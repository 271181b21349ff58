"""Files, memory and spooled streams give the same bytes; each trouble has its word."""

import io
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rorqual.sources import spill
from rorqual.sources.file import FileSource, MemorySource
from rorqual.sources.spool import Spill, SpooledSource, draw_pieces, draw_pipe, draw_stream
from rorqual.sources.view import Fuel, Malformed, OutOfFuel, Unreadable, View


def on_disk() -> BinaryIO:
    return cast(BinaryIO, tempfile.TemporaryFile(buffering=0))


def spooled(data: bytes, piece: int, ceiling: int = 1 << 30) -> SpooledSource:
    pieces = (data[at : at + piece] for at in range(0, len(data), piece))
    return SpooledSource(draw_pieces(pieces), Spill(on_disk), ceiling)


reads = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 120), st.booleans()), max_size=12)


@given(st.binary(max_size=250), st.integers(1, 40), reads)
def test_a_spool_reads_like_the_bytes(data: bytes, piece: int, asked: list[tuple[int, int, bool]]) -> None:
    source = spooled(data, piece)
    frontier = 0
    for offset, size, onward in asked:
        if onward:
            buffer = memoryview(bytearray(size))
            got = source.read_into(frontier, buffer)
            assert bytes(buffer[:got]) == data[frontier : frontier + size]
            frontier += got
        else:
            assert source.read_at(offset, size) == data[offset : offset + size]
    source.close()


def test_a_spool_knows_its_size_at_the_end() -> None:
    source = spooled(b"abc", 2)
    assert source.size is None
    assert source.read_at(0, 100) == b"abc"
    assert source.size == 3


def test_past_its_ceiling_a_spool_goes_on_but_does_not_go_back() -> None:
    data = bytes(range(256)) * 40
    source = spooled(data, 1000, ceiling=5000)
    buffer = memoryview(bytearray(1000))
    seen = bytearray()
    while got := source.read_into(len(seen), buffer):
        seen += buffer[:got]
    assert bytes(seen) == data
    assert source.read_at(4000, 1000) == data[4000:5000]
    with pytest.raises(Unreadable, match=r"0x1388: past the spool's ceiling"):
        source.read_at(4500, 1000)


def test_a_full_disk_is_told() -> None:
    def refuse() -> BinaryIO:
        raise OSError(28, "No space left on device")

    source = SpooledSource(draw_pieces(iter([b"abc", b"def"])), Spill(refuse), 100)
    buffer = memoryview(bytearray(6))
    assert source.read_into(0, buffer) == 6
    assert bytes(buffer) == b"abcdef"
    with pytest.raises(Unreadable, match="No space left on device") as caught:
        source.read_at(0, 1)
    assert caught.value.reason == "machine"


@pytest.mark.parametrize("total", [4999, 5000, 5001, 6000])
@pytest.mark.parametrize("swept", [False, True])
def test_what_is_refused_does_not_depend_on_the_frontier(total: int, swept: bool) -> None:
    source = spooled(bytes(total), 700, ceiling=5000)
    if swept:
        source.read_into(0, memoryview(bytearray(10_000)))
    assert len(source.read_at(4990, 9)) == 9
    if total < 5000:
        assert len(source.read_at(4990, 20)) == total - 4990
    else:
        with pytest.raises(Unreadable) as caught:
            source.read_at(4990, 20)
        assert (caught.value.offset, caught.value.reason) == (5000, "limit")


def test_streams_one_after_another_share_a_file() -> None:
    opened = []

    def once() -> BinaryIO:
        opened.append(on_disk())
        return opened[-1]

    spill = Spill(once)
    one = SpooledSource(draw_pieces(iter([b"one" * 100])), spill, 1000)
    assert one.read_at(0, 1000) == b"one" * 100
    gone = SpooledSource(draw_pieces(iter([b"gone"])), spill, 1000)
    assert gone.read_at(0, 10) == b"gone"
    gone.release()
    two = SpooledSource(draw_pieces(iter([b"two" * 100])), spill, 1000)
    assert two.read_at(0, 1000) == b"two" * 100
    assert one.read_at(3, 3) == b"one"
    assert len(opened) == 1
    assert opened[0].seek(0, 2) == 600


def test_a_stream_without_a_descriptor() -> None:
    source = SpooledSource(draw_stream(io.BytesIO(b"abcdef")), Spill(on_disk), 100)
    assert source.read_at(2, 10) == b"cdef"


def test_a_pipe(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    data = os.urandom(300_000)
    writer = threading.Thread(target=fifo.write_bytes, args=(data,))
    writer.start()
    fd = os.open(fifo, os.O_RDONLY)
    source = SpooledSource(draw_pipe(fd), Spill(on_disk), 1 << 30, close=lambda: os.close(fd))
    assert source.read_at(100_000, 50) == data[100_000:100_050]
    assert source.read_at(0, 400_000) == data
    source.close()
    writer.join()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)


def test_a_decoder_that_breaks_breaks_the_draw() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"good"
        raise Malformed(4, "more")

    source = SpooledSource(draw_pieces(pieces()), Spill(on_disk), 100)
    assert source.read_at(0, 4) == b"good"
    with pytest.raises(Malformed):
        source.read_at(4, 1)


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    source = FileSource(path)
    assert source.size == 10
    assert source.read_at(3, 4) == b"3456"
    assert source.read_at(8, 4) == b"89"
    assert source.read_at(10, 4) == b""
    buffer = memoryview(bytearray(4))
    assert source.read_into(8, buffer) == 2
    assert bytes(buffer[:2]) == b"89"
    assert source.changes() is None
    source.close()


def test_a_file_cut_short_is_unreadable_where_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(10_000))
    source = FileSource(path)
    os.truncate(path, 5000)
    with pytest.raises(Unreadable, match="of 10000 bytes when it was opened") as caught:
        source.read_at(4000, 2000)
    assert caught.value.offset == 5000
    assert "size and time of change" in (source.changes() or "")
    source.close()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        FileSource(tmp_path)
    with pytest.raises(FileNotFoundError):
        FileSource(tmp_path / "missing")


def test_spill_folder_is_told_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RORQUAL_SPOOL", str(tmp_path))
    spill.folder.cache_clear()
    with spill.open_spill() as file:
        file.write(b"x")
        assert list(tmp_path.iterdir()) == [], "unlinked as soon as opened"
    spill.folder.cache_clear()


def view(data: bytes, fuel: int = 1 << 20) -> View:
    return View(MemorySource(data), (), fuel=Fuel(fuel))


def test_a_view_reads_short_at_the_end_and_exactly_or_not_at_all() -> None:
    some = view(b"0123456789").sub(2, 5)
    assert some.read(3, 10) == b"56"
    assert some.exact(1, 2) == b"34"
    assert some.read(-1, 3) == b""
    with pytest.raises(Malformed, match="0x5: expected 3 bytes, found 2"):
        some.exact(3, 3)


def test_a_sub_view_never_reaches_beyond_its_parent() -> None:
    assert view(b"0123456789").sub(2, 3).sub(1, 100).read(0, 100) == b"34"


@given(st.integers(0, 70), st.integers(-2, 80), st.integers(-2, 80))
def test_within_counts_what_is_there(size: int, at: int, wanted: int) -> None:
    there = len(bytes(size)[at : at + wanted]) if at >= 0 and wanted > 0 else 0
    assert view(bytes(size)).within(at, wanted) == there


def test_fuel_burns() -> None:
    some = view(bytes(10_000), fuel=1000)
    some.read(0, 500)
    with pytest.raises(OutOfFuel, match="allowance of 1000"):
        some.read(0, 600)
    looping = view(b"", fuel=1000 * Fuel.STEP)
    for _ in range(1000):
        looping.step()
    with pytest.raises(OutOfFuel):
        looping.step()


def test_a_cursor_is_a_file() -> None:
    cursor = view(b"0123456789").cursor(2)
    assert cursor.read(3) == b"234"
    assert cursor.seek(1) == 1
    assert cursor.read() == b"3456789"
    assert cursor.tell() == 8
