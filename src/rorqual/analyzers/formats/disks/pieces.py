"""Files of a file system: runs of bytes in the order of the file, told as a child."""

from collections.abc import Iterator, Sequence
from functools import partial

from rorqual.sdk import Codec, Region, View

BLOCK = 256 << 10  # bytes handed on at once
MOST = 65_536  # runs of one file

HOLLOW = 16 << 20  # bytes of zeros that any file may be made of
HOLLOW_RATIO = 16  # times the bytes that are stored

Run = tuple[int | None, int]  # place in the view (None: zeros that are not stored) and size, in bytes


def joined(runs: Sequence[Run], size: int) -> list[Run]:
    """The runs of a file of `size` bytes, neighbours made one."""
    out: list[Run] = []
    for at, stored in runs:
        length = min(stored, size)
        size -= length
        if length <= 0:
            break
        if out:
            last, before = out[-1]
            if (at is None and last is None) or (at is not None and last is not None and last + before == at):
                out[-1] = last, before + length
                continue
        out.append((at, length))
    return out


def too_hollow(zeros: int, size: int) -> bool:
    """Whether so many bytes of a stream of `size` are holes that it is not worth making."""
    return zeros > max(HOLLOW, HOLLOW_RATIO * (size - zeros))


def member(view: View, runs: Sequence[Run], size: int, *, kind: str, codec: str, name: str) -> Region | None:
    """The child that the runs make: the bytes themselves where they are one run, else a stream; without its holes,
    where they are nearly all of it. None: all zeros, or not there."""
    whole = joined(runs, size)
    if too_hollow(sum(length for at, length in whole if at is None), size):
        whole = joined([run for run in whole if run[0] is not None], size)
        codec = f"{codec}-stored"
    places = [at for at, _ in whole if at is not None]
    if not places or not view.holds(min(places)):
        return None
    if len(whole) == 1:
        return Region(places[0], whole[0][1], kind, Codec(codec, None), name=name)
    start = min(places)
    moved = tuple((None if at is None else at - start, length) for at, length in whole)
    return Region(start, None, kind, Codec(f"{codec}-runs", partial(stream, runs=moved)), name=name)


def stream(view: View, *, runs: tuple[Run, ...]) -> Iterator[bytes]:
    """The bytes of the runs, which count from the view's start."""
    for at, length in runs:
        done = 0
        while done < length:
            part = min(BLOCK, length - done)
            data = bytes(part) if at is None else view.read(at + done, part)
            if data:
                yield data
            if len(data) < part:
                return
            done += part
