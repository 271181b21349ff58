"""Standard MIDI files: a header chunk "MThd", then track chunks "MTrk" of events (RP-001, 1996).

Events are not walked; a track ends with FF 2F 00.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.audiovisual.chunks import HEADER, Chunk, chunk
from rorqual.sdk import Anchor, Anomaly, Extent, Hit, Malformed, Said, View, frozen

FORM = 14  # bytes of the header chunk
END = b"\xff\x2f\x00"
MOST = 65_535 + 1024  # chunks


@frozen
class MIDISequence:
    """A file; the finding spans the chunks that are there."""

    tag: ClassVar[str] = "midi_sequence"
    format: int
    tracks: int
    declared: int  # tracks, by the header
    division: int  # ticks of a quarter note, or SMPTE frames and ticks


class MIDI:
    """Finds files anywhere."""

    name = "midi"
    version = 1
    wakes_on = (Anchor(rb"MThd\x00\x00\x00[\x06-\x10]\x00[\x00-\x02]"),)

    def score(self, view: View, /) -> int:
        """At least one track is declared."""
        return int(any(view.read(10, 2)))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, FORM)
        at = HEADER + int.from_bytes(head[4:8], "big")
        start, declared = at, int.from_bytes(head[10:12], "big")
        others: list[Chunk] = []
        tracks, open_ended = 0, 0
        for _ in range(MOST):
            view.step()
            one = chunk(view, at, "big") if tracks < declared else None
            if one is None or view.within(one.data, one.size) < one.size:
                break
            if one.name == "MTrk":
                tracks += 1
                open_ended += one.size < len(END) or view.read(one.end - len(END), len(END)) != END
            else:
                others.append(one)
            at = one.end
        if not tracks or open_ended == tracks:
            raise Malformed(view.offset + start, "a track that ends as tracks do")
        body = MIDISequence(head[9], tracks, declared, int.from_bytes(head[12:14], "big"))
        yield hit.finding(0, at, body)
        if tracks < declared:
            if chunk(view, at, "big") is not None or not view.holds(at):
                return  # cut in the midst of a track, or before one
            yield hit.finding(10, 2, Anomaly("tracks_missing", f"{declared} declared, {tracks} there"))
        yield Extent(0, at, "midi", f"{tracks} tracks parse to the end")
        yield from room(hit, FORM, start - FORM, "midi", "extra")
        for one in others:
            yield from room(hit, one.data, one.size, "midi", "private")
