"""MPEG audio, layers I to III: ID3v2 tags, frames one behind the other, then ID3v1, APE or Lyrics3 tags.

Without a tag there is no magic number but the sync bits of each frame: then many frames must agree. See id3.py and
mpeg_audio.py for the specifications. Not handled: free-format streams, and what the frames encode.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.audiovisual import id3
from rorqual.analyzers.formats.audiovisual.id3_told import rooms, told
from rorqual.analyzers.formats.audiovisual.mpeg_audio import Frames, Run
from rorqual.analyzers.gated import BEGINNINGS
from rorqual.sdk import Anchor, Anomaly, Extent, Hit, Malformed, Said, View, frozen

TAGGED, UNTAGGED = 3, 8  # frames that must agree behind a tag, and without one
LOST = 64 << 10  # bytes in which readers look for the next frame
AGREE = 3  # frames that end such a search
MOST_LOST = 64  # places where frames are interrupted
MOST_TAGS = 16
NEXT_TAG = re.compile(rb"ID3[\x02-\x04][\x00-\x09]")  # where another file may begin
OTHERS = (
    b"fLaC",
    b"OggS",
    b"MAC ",
    b"wvpk",
    b"TTA1",
    b"MPCK",
    b"MP+",
    b"#!AMR",
    b"FORM",
    b"RIFF",
    b"\xff\xf1",
    b"\xff\xf9",
)
XING = (4 + 32, 4 + 17, 4 + 9)  # places of the Xing or Info header, by version and channels


@frozen
class MPEGAudio:
    """Frames of MPEG audio; the finding spans them all."""

    tag: ClassVar[str] = "mpeg_audio"
    version: str
    layer: int
    rate: int  # samples a second
    mode: str
    bitrate: int  # kbit/s, the mean
    variable: bool
    frames: int
    seconds: float
    encoder: str | None
    declared_frames: int | None  # by a Xing, Info or VBRI header
    tags: tuple[str, ...]  # of those behind the audio


class MP3:
    """Finds ID3v2 tags anywhere, and bare frames where a source or a gap begins."""

    name = "mp3"
    version = 1
    wakes_on = (Anchor(rb"ID3[\x02-\x04][\x00-\x09][\x00-\xff][\x00-\x7f]{4}"), *BEGINNINGS)

    def score(self, view: View, /) -> int:
        """A tag that has room for a frame."""
        return int(any(view.read(6, 4)))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        at = 0
        tags: list[tuple[int, id3.Tag]] = []
        while len(tags) < MOST_TAGS and (tag := id3.tag(view, at)) is not None:
            if not tag.frames:
                break
            tags.append((at, tag))
            at += tag.size
        if isinstance(hit.trigger, Anchor) and not tags:
            raise Malformed(view.offset, "a tag with frames")
        frames = Frames(view)
        needed = TAGGED if tags else UNTAGGED
        run = _find(view, frames, at, needed, lost=LOST if tags else 0)
        if run is not None or view.read(at, 5).startswith(OTHERS):  # of a tag alone nothing is said
            for start, tag in tags:
                yield from told(hit, start, tag)
        if run is None:
            raise Malformed(view.offset + at, f"{needed} frames that agree")
        runs = [run, *_more(view, frames, run)]
        end = runs[-1].end
        present = view.within(runs[0].start, end - runs[0].start)
        end = runs[0].start + present
        behind: list[tuple[int, int, str]] = []
        while len(behind) < MOST_TAGS and (found := id3.trailing(view, end)) is not None:
            behind.append((end, *found))
            end += found[0]
        yield hit.finding(runs[0].start, present, _facts(view, runs, tuple(name for *_, name in behind)))
        format = "mp3" if run.first.layer == 3 else "mp2"
        count = sum(one.frames for one in runs)
        yield Extent(0, end, format, f"{count} frames agree to the end" + (", behind a tag" if tags else ""))
        filled = at
        for start, tag in tags:
            yield from rooms(hit, start, tag, run.start)
            if tag.undone is None and at < tag.filled <= run.start:
                filled = tag.filled
                proof = f"frames to {tag.filled}, the tag to {start + tag.size}"
                yield hit.finding(start, tag.size, Anomaly("frame_passes_its_tag", proof))
        lost = [(filled, run.start)] + [(one.end, two.start) for one, two in zip(runs, runs[1:], strict=False)]
        for start, stop in lost:
            if start < stop:
                yield from room(hit, start, stop - start, format, "unused")
                yield hit.finding(start, stop - start, Anomaly("bytes_between_frames", f"{stop - start} bytes"))
        for start, size, _ in behind:
            yield from room(hit, start, size, format, "metadata")


def _find(view: View, frames: Frames, at: int, needed: int, *, lost: int) -> Run | None:
    """The first frames at `at` or up to `lost` bytes later, as many as agree; fewer than needed if the source ends."""
    for place in (at, *_syncs(view, at, lost)):
        view.step()
        probe = frames.run(place, needed)
        if probe is None:
            continue
        if probe.frames >= needed or (lost and place == at and probe.frames > 1 and not view.holds(probe.end)):
            return frames.run(place)
    return None


def _syncs(view: View, at: int, lost: int) -> Iterator[int]:
    """Places up to `lost` bytes behind `at` where sync bits stand."""
    data = view.read(at, lost)
    other = NEXT_TAG.search(data, 1)
    data = data[: other.start()] if other else data
    place = data.find(b"\xff", 1)
    while 0 <= place < len(data) - 1:
        if data[place + 1] >= 0xE0:
            yield at + place
        place = data.find(b"\xff", place + 1)


def _more(view: View, frames: Frames, run: Run) -> Iterator[Run]:
    """Runs of the same stream behind bytes that are none of its frames, as readers find them."""
    key = run.first.key
    for _ in range(MOST_LOST):
        if id3.trailing(view, run.end) is not None or id3.tag(view, run.end) is not None:
            return
        for place in _syncs(view, run.end, LOST):
            view.step()
            probe = frames.run(place, AGREE, key)
            if probe is not None and probe.frames == AGREE:
                break
        else:
            return
        following = frames.run(place, key=key)
        if following is None:
            return
        run = following
        yield run


def _facts(view: View, runs: list[Run], tags: tuple[str, ...]) -> MPEGAudio:
    first, frames = runs[0].first, sum(run.frames for run in runs)
    data = view.read(runs[0].start, 200)
    encoder, declared = None, None
    for at in XING:
        if data[at : at + 4] in (b"Xing", b"Info"):
            declared = (
                int.from_bytes(data[at + 8 : at + 12], "big") if data[at + 7 : at + 8] and data[at + 7] & 1 else None
            )
            encoder = data[at + 120 : at + 129].decode("latin-1").strip("\0 ") or None
    if data[36:40] == b"VBRI":
        declared = int.from_bytes(data[50:54], "big")
    return MPEGAudio(
        version=first.version,
        layer=first.layer,
        rate=first.rate,
        mode=first.mode,
        bitrate=sum(run.bits for run in runs) // frames,
        variable=any(run.varies for run in runs),
        frames=frames,
        seconds=round(frames * first.samples / first.rate, 3),
        encoder=encoder if encoder and encoder.isprintable() else None,
        declared_frames=declared,
        tags=tags,
    )
