"""RIFF forms: "RIFF" (or "RIFX" in big-endian order, "RF64" with 64-bit sizes), a size, a form type, chunks.

https://www.loc.gov/preservation/digital/formats/fdd/fdd000025.shtml, EBU Tech 3306 (RF64), OpenDML 1.02 (AVI). WebP
and animated cursors are not handled here; neither are the frames of an AVI's "movi" list, nor what samples encode.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.audiovisual.chunks import (
    HEADER,
    MOST,
    UNKNOWN,
    Chunk,
    Order,
    chunk,
    chunks,
    settled,
)
from rorqual.analyzers.formats.audiovisual.riff_facts import AVIVideo, WaveAudio, avi_facts, wave_facts
from rorqual.sdk import Anchor, Anomaly, Extent, Finding, Hit, Malformed, Said, View, frozen

FORM = 12  # bytes before the first chunk
ENDLESS = 1 << 60  # bytes: more than any source has
ELSEWHERE = {"WEBP", "ACON"}  # forms of other probes
FORMATS = {"WAVE": "wav", "AVI ": "avi", "RMID": "rmid"}
NEEDED = {"WAVE": {"fmt ", "data"}, "AVI ": {"hdrl", "movi"}, "RMID": {"data"}}
STREAMS = {"data", "movi"}  # those whose size a writer may have left open
PLAYED = {  # chunks that readers use
    "WAVE": {
        *("fmt ", "data", "fact", "cue ", "plst", "smpl", "inst", "slnt", "PEAK", "acid", "strc", "ds64", "levl"),
        *("wavl", "adtl", "chna", "wsmp"),
    },
    "AVI ": {"hdrl", "movi", "idx1", "avih", "strl", "strh", "strf", "indx", "vprp", "odml", "rec ", "dmlh"},
    "RMID": {"data"},
}
METADATA = {
    "INFO",
    "bext",
    "iXML",
    "_PMX",
    "id3 ",
    "ID3 ",
    "axml",
    "cart",
    "umid",
    "aXML",
    "DISP",
    "IDIT",
    "strn",
    "IDST",
}
JUNK = {"JUNK", "junk", "PAD ", "FLLR", "filr", "pad "}
LONGEST_LIST = 64  # chunk names told


@frozen
class RIFFForm:
    """A form; the finding has its size as its header gives it, as far as it is there."""

    tag: ClassVar[str] = "riff_form"
    form: str
    magic: str
    declared: int  # bytes, by the header, which is counted; 0 where the writer left it open
    chunks: tuple[str, ...]  # names of the first; a list has the name of what it lists
    whole: bool  # whether all chunks are there


class RIFF:
    """Finds forms anywhere and walks their chunks."""

    name = "riff"
    version = 1
    wakes_on = tuple(
        Anchor(magic + rb"[\x00-\xff]{4}[\x20-\x7e]{4}[\x20-\x7e]{4}") for magic in (b"RIFF", b"RIFX", b"RF64", b"BW64")
    )

    def score(self, view: View, /) -> int:
        """Forms that other probes look at are left to them; so is a part of an AVI file."""
        form = view.read(8, 4).decode("latin-1")
        return int(form not in ELSEWHERE and form != "AVIX")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, FORM)
        order: Order = "big" if head[:4] == b"RIFX" else "little"
        form = head[8:12].decode("latin-1")
        size = int.from_bytes(head[4:8], order)
        wide = _wide(view) if head[:4] in (b"RF64", b"BW64") else {}
        size = wide.get("", size)
        declared = 0 if size in UNKNOWN else HEADER + size
        found, end, whole = _walk(hit, form, declared, order, wide)
        names = {name for name, _ in found}
        complete = whole and NEEDED.get(form, set()) <= names and (form in FORMATS or end - declared in (0, 1))
        if not found or not (complete or _begins(view, form, found[0][1])):
            raise Malformed(view.offset + FORM, "the chunks of the form")
        end = settled(view, end, declared)
        present = view.within(0, max(declared, end))
        told = tuple(name for name, _ in found[:LONGEST_LIST])
        yield hit.finding(
            0, min(declared or present, present), RIFFForm(form, head[:4].decode(), declared, told, whole)
        )
        yield from _facts(hit, form, found, order)
        if not complete:
            return
        if form == "AVI ":
            end = _more(view, end, order)
        if end < declared <= present:
            proof = f"chunks end at {end}, the form at {declared}"
            yield hit.finding(end, declared - end, Anomaly("bytes_behind_the_last_chunk", proof))
            yield from room(hit, end, declared - end, FORMATS.get(form, "riff"), "slack")
            end = declared
        elif declared and (end < declared or (end > declared + 1 and form != "AVI ")):
            yield hit.finding(4, 4, Anomaly("riff_size_wrong", f"{declared} bytes by the header, {end} by the chunks"))
        yield Extent(0, end, FORMATS.get(form, "riff"), "chunks parse to the end of the form")
        yield from _rooms(hit, form, found, order)


def _begins(view: View, form: str, first: Chunk) -> bool:
    """Whether a form that is cut off begins as its kind must."""
    if form == "WAVE":
        return first.name == "fmt " and 14 <= first.size <= 4096 and view.within(first.data, first.size) == first.size
    return form == "AVI " and first.name == "LIST" and view.read(first.data, 8) == b"hdrlavih"


def _wide(view: View) -> dict[str, int]:
    """Sizes by chunk name from the "ds64" chunk; the form's own has the name ""."""
    data = view.read(FORM, HEADER + 28)
    if data[:4] != b"ds64" or len(data) < HEADER + 28:
        return {}
    return {"": int.from_bytes(data[8:16], "little"), "data": int.from_bytes(data[16:24], "little")}


def _walk(
    hit: Hit, form: str, declared: int, order: Order, wide: dict[str, int]
) -> tuple[list[tuple[str, Chunk]], int, bool]:
    """Named chunks, where the last of them ends (padding counted), and whether it is there."""
    view, at, needed = hit.view, FORM, NEEDED.get(form, set())
    found: list[tuple[str, Chunk]] = []
    for _ in range(MOST):
        if declared and at >= declared and needed <= {name for name, _ in found}:
            break
        view.step()
        one = chunk(view, at, order)
        if one is None:
            break
        name = view.read(one.data, 4).decode("latin-1") if one.name == "LIST" else one.name
        if one.size == 0xFFFFFFFF and one.name in wide:
            one = Chunk(one.at, one.name, wide[one.name])
        if one.size in UNKNOWN and not declared and name in STREAMS and hit.offset == 0:
            present = view.within(one.data, ENDLESS)
            return [*found, (name, Chunk(one.at, one.name, present))], one.data + present, True
        present = view.within(one.data, one.size)
        found.append((name, one))
        if present < one.size:
            return found, one.data + present, False
        at = one.after
    if found and found[-1][1].size % 2 and not view.holds(at - 1):
        at -= 1
    return found, at, True


def _more(view: View, end: int, order: Order) -> int:
    """The end of the parts of an AVI file that follow the first (OpenDML)."""
    for _ in range(MOST):
        head = view.read(end, FORM)
        if head[:4] not in (b"RIFF", b"RIFX") or head[8:] != b"AVIX":
            break
        size = HEADER + int.from_bytes(head[4:8], order)
        if size <= FORM or view.within(end, size) < size:
            break
        end += size + size % 2
    return end


def _facts(hit: Hit, form: str, found: list[tuple[str, Chunk]], order: Order) -> Iterator[Finding]:
    """What a WAVE or AVI form says of its sound and pictures, where it has what it needs."""
    first: dict[str, Chunk] = {}
    for name, one in found:
        first.setdefault(name, one)
    body: WaveAudio | AVIVideo | None = None
    if form == "WAVE" and "fmt " in first:
        body = wave_facts(hit.view, first["fmt "], first.get("data"), order)
        if body is not None:
            yield hit.finding(first["fmt "].at, HEADER + first["fmt "].size, body)
    elif form == "AVI " and "hdrl" in first:
        body = avi_facts(hit.view, first["hdrl"], order)
        if body is not None:
            yield hit.finding(first["hdrl"].at, HEADER + first["hdrl"].size, body)


def _rooms(hit: Hit, form: str, found: list[tuple[str, Chunk]], order: Order) -> Iterator[Finding]:
    """Chunks that readers of the form pass over. Of forms that are not known, junk and metadata only."""
    format, played = FORMATS.get(form, "riff"), PLAYED.get(form)
    for name, one in found:
        if name in ("hdrl", "strl"):
            inner = list(chunks(hit.view, one.data + 4, one.end, order))
            named = [
                (hit.view.read(part.data, 4).decode("latin-1") if part.name == "LIST" else part.name, part)
                for part in inner
            ]
            yield from _rooms(hit, form, named, order)
            rest = inner[-1].after if inner else one.data + 4
            yield from room(hit, rest, one.end - rest, format, "slack")
        elif name in JUNK:
            yield from room(hit, one.data, one.size, format, "unused")
        elif name in METADATA:
            yield from room(hit, one.data, one.size, format, "metadata")
        elif played is not None and (name not in played or one.name not in ("LIST", name)):
            yield from room(hit, one.data, one.size, format, "private")
