"""What is said of an ID3v2 tag: its facts, its pictures and objects, and the room in it."""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.audiovisual import id3
from rorqual.sdk import Codec, Finding, Hit, Region, Said, View, frozen

LONGEST_LIST = 64  # frames' names told
PICTURE_HEAD = 4096  # bytes of a picture's frame in which the picture begins


@frozen
class ID3Tag:
    """An ID3v2 tag; the finding has its size."""

    tag: ClassVar[str] = "id3_tag"
    version: str
    unsynchronised: bool
    extended: bool
    footer: bool
    frames: tuple[str, ...]  # names of the first
    title: str
    artist: str
    album: str


def told(hit: Hit, at: int, tag: id3.Tag) -> Iterator[Said]:
    """What a tag says, its pictures and objects, and the room in it."""
    view = hit.view
    texts = {"title": "", "artist": "", "album": ""}
    for frame in tag.frames:
        for field, known in (("title", id3.TITLE), ("artist", id3.ARTIST), ("album", id3.ALBUM)):
            if frame.name in known and frame.plain and not texts[field]:
                texts[field] = id3.text(_data(view, at, tag, frame, 1024))
    names = tuple(frame.name for frame in tag.frames[:LONGEST_LIST])
    body = ID3Tag(
        f"2.{tag.version}",
        unsynchronised=bool(tag.flags & id3.UNSYNCHRONISED),
        extended=bool(tag.flags & id3.EXTENDED and tag.version > 2),
        footer=bool(tag.flags & id3.FOOTER and tag.version == 4),
        frames=names,
        **texts,
    )
    yield hit.finding(at, view.within(at, tag.size), body)
    for frame in tag.frames:
        if frame.name in id3.PICTURES + id3.OBJECTS and frame.plain and tag.undone is None:
            yield from _picture(view, frame)


def rooms(hit: Hit, at: int, tag: id3.Tag, audio: int) -> Iterator[Finding]:
    """The room in a tag, which ends before the audio."""
    if tag.undone is not None:
        yield from room(hit, at + id3.HEADER, tag.size - id3.HEADER, "mp3", "metadata")
        return
    if tag.content > at + id3.HEADER:
        yield from room(hit, at + id3.HEADER, tag.content - at - id3.HEADER, "mp3", "extra")
    for frame in tag.frames:
        if frame.name not in id3.PICTURES:
            yield from room(hit, frame.at, min(frame.size, audio - frame.at), "mp3", _use(frame.name))
    footer = id3.HEADER if tag.version == 4 and tag.flags & id3.FOOTER else 0
    yield from room(hit, tag.filled, at + tag.size - footer - tag.filled, "mp3", "padding")


def _use(name: str) -> str:
    if name in id3.COMMENTS:
        return "comment"
    return "metadata" if name[0] in "TW" else "private"


def _data(view: View, at: int, tag: id3.Tag, frame: id3.Frame, most: int) -> bytes:
    size = min(frame.size, most)
    if tag.undone is None:
        return view.read(frame.at, size)
    start = frame.at - at - id3.HEADER
    return tag.undone[start : start + size]


def _picture(view: View, frame: id3.Frame) -> Iterator[Region]:
    found = id3.picture(frame.name, view.read(frame.at, min(frame.size, PICTURE_HEAD)))
    if found is not None and found[0] < frame.size:
        start, name = found
        yield Region(frame.at + start, frame.size - start, "id3-object", Codec("id3", None), name=name or None)
