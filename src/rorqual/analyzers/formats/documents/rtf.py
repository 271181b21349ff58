"""Rich Text Format: "{\\rtf1", control words, groups in braces, up to the brace that closes the first.

RTF 1.9.1, https://www.microsoft.com/en-us/download/details.aspx?id=10725. Word takes "{\\rt" for a beginning already.
Text is not laid out; hidden text and fields are counted only.
"""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from rorqual.analyzers.formats.documents.rtf_data import hexadecimal, ole1, plain, tangled
from rorqual.analyzers.formats.documents.rtf_walk import TEXTS, Group, Groups, walk
from rorqual.analyzers.formats.documents.scanner import busy
from rorqual.sdk import Anchor, Anomaly, Codec, Extent, Finding, Hit, Malformed, Part, Region, Room, Said, View, frozen

LONGEST_TEXT = 256  # characters
OBJECT_HEAD = 8192  # bytes of an object's digits that are looked at
LEAST_ROOM = 8
MOST_ROOMS = 256
# Ignorable destinations that readers know.
_KNOWN = (
    "aftncn aftnsep aftnsepc annotation atnauthor atndate atnicn atnid atnparent atnref atntime atrfend atrfstart "
    "background bkmkend bkmkstart blipuid bpszhelp buptim category colorschememapping company cs datafield "
    "datastore defchp defpap defshp docvar do dptxbxtext ebcend ebcstart falt fchars ffdeftext ffentrymcr ffexitmcr "
    "ffformat ffhelptext ffl ffname ffstattext file filetbl fldinst fldtype fname fontemb fontfile formfield ftncn "
    "ftnsep ftnsepc g generator gridtbl hl hlfr hlinkbase hlloc hlsrc hsv htmltag latentstyles lchars levelnumbers "
    "leveltext lfolevel linkval list listlevel listname listoverride listoverridetable listpicture liststylename "
    "listtable listtext lsdlockedexcept macc mailmerge mmath mmathPict mmathPr mhtmltag moMath moMathPara "
    "nesttableprops nextfile nonesttables objalias objclass objdata object objname objsect objtime oldcprops "
    "oldpprops oldsprops oldtprops oleclsid operator panose password passwordhash pgp pgptbl picprop pict pn "
    "pnseclvl pntext pntxta pntxtb printim private propname protend protstart protusertbl pxe result revtbl revtim "
    "rsidtbl rxe shp shpgrp shpinst shppict shprslt shptxt sn sp staticval stylesheet subject sv svb tc template "
    "themedata title txe ud upr userprops wgrffmtfilter windowcaption writereservation writereservhash xe xform "
    "xmlattrname xmlattrvalue xmlclose xmlname xmlnstbl xmlopen expandedcolortbl cocoatextscaling"
)
KNOWN = frozenset(_KNOWN.split())


@frozen
class RTFDocument:
    """A document. The finding spans it to its closing brace and the line end behind, as far as it is there."""

    tag: ClassVar[str] = "rtf_document"
    version: str  # what follows "{\\rt": "f1" of honest writers
    code_page: int | None
    groups: int
    deepest: int  # groups within groups
    objects: int
    object_classes: tuple[str, ...]
    linked_objects: int
    updates_itself: bool  # an object is loaded without asking
    pictures: int
    fields: int
    hidden: int  # runs of hidden text
    title: str | None
    author: str | None
    operator: str | None
    company: str | None
    generator: str | None
    template: str | None  # loaded on opening, perhaps from elsewhere


class RTF:
    """Finds RTF documents anywhere."""

    name = "rtf"
    version = 1
    wakes_on = (Anchor(rb"\{\\rt[^ ]"),)

    def score(self, view: View, /) -> int:
        """Elsewhere than at the start of a source only what honest writers write is a beginning."""
        if view.read(4, 1) == b"f":
            return 2
        return 1 if view.offset == 0 else 0

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        made = walk(view, KNOWN)
        head = view.read(4, 12)
        version = head[: next((at for at, byte in enumerate(head) if byte in b"\\{} \r\n"), len(head))]
        if made.groups < (1 if version.startswith(b"f1") else 2) + (0 if made.end else 3):
            raise Malformed(view.offset, "groups that close")
        size = made.end + _line_end(view, made.end) if made.end else made.seen
        texts = {one.word: _text(view, one, made) for one in reversed(made.noted) if one.end and one.data < one.end}
        objects = [one for one in made.noted if one.word == "objdata" and one.end]
        opened = [_opened(view, one) for one in objects]
        classes = {_text(view, one, made) for one in made.noted if one.word == "objclass" and one.end}
        classes |= {name for name, _, _ in opened}
        yield hit.finding(0, size, _record(made, version, texts, classes))
        if made.end:
            yield Extent(0, size, "rtf", f"{made.groups} groups that all close")
        for one, (name, tied, parts) in zip(objects, opened, strict=True):
            codec = Codec("rtf-object", partial(_hex, one.end - one.data), parts)
            yield Region(one.data, None, "rtf-object", codec, name=name or None)
            if tied:
                yield hit.finding(
                    one.data,
                    one.end - one.data,
                    Anomaly("object_data_tangled", "control words or groups among the digits", ("T1027",)),
                )
        yield from _pictures(made)
        yield from _rooms(hit, made, version)
        if made.short:
            at, said, there = made.short
            yield hit.finding(at, there, Anomaly("binary_data_short", f"says {said} bytes, {there} are there"))


def _record(made: Groups, version: bytes, texts: dict[str, str], classes: set[str]) -> RTFDocument:
    counts = made.counts
    return RTFDocument(
        version=version.decode("latin-1"),
        code_page=made.code_page,
        groups=made.groups,
        deepest=made.deepest,
        objects=max(counts.get("object", 0), counts.get("objdata", 0)),
        object_classes=tuple(sorted(one for one in classes if one))[:64],
        linked_objects=counts.get("objlink", 0) + counts.get("objautlink", 0),
        updates_itself=counts.get("objupdate", 0) > 0,
        pictures=counts.get("pict", 0),
        fields=counts.get("field", 0),
        hidden=counts.get("v", 0) + counts.get("webhidden", 0),
        title=texts.get("title"),
        author=texts.get("author"),
        operator=texts.get("operator"),
        company=texts.get("company"),
        generator=texts.get("generator"),
        template=texts.get("template"),
    )


def _text(view: View, one: Group, made: Groups) -> str:
    if one.word in ("pict", "objdata"):
        return ""
    return plain(view.read(one.data, min(one.end - one.data, 4 * LONGEST_TEXT)), made.code_page)[:LONGEST_TEXT]


def _line_end(view: View, at: int) -> int:
    """Word processors end the file with a line, and one of Windows' with a NUL as well."""
    tail = view.read(at, 3)
    line = 2 if tail[:2] == b"\r\n" else 1 if tail[:1] in (b"\n", b"\r") else 0
    return line + (tail[line : line + 1] == b"\0")


def _hex(size: int, view: View) -> Iterator[bytes]:
    yield from hexadecimal(view, size)


def _opened(view: View, one: Group) -> tuple[str, bool, tuple[Part, ...]]:
    """Class, whether the digits are tangled, and what lies in an object."""
    head = view.read(one.data, min(OBJECT_HEAD, one.end - one.data))
    tied = bool(one.bins) or tangled(head)
    data = bytearray()
    for piece in hexadecimal(view.sub(one.data), one.end - one.data):
        data += piece
        if len(data) >= OBJECT_HEAD:
            break
    try:
        name, _, parts = ole1(bytes(data), view.offset + one.data)
    except Malformed:
        return "", tied, ()
    return name, tied, parts


def _pictures(made: Groups) -> Iterator[Region]:
    for one in made.noted:
        if one.word != "pict" or not one.end or not one.blip:
            continue
        for at, size in one.bins:
            yield Region(at, size, "rtf-picture", Codec("rtf-bin", None), name=one.blip)
        if not one.bins and one.end > one.data:
            yield Region(one.data, None, "rtf-picture", Codec("rtf-hex", partial(_hex, one.end - one.data)))


def _rooms(hit: Hit, made: Groups, version: bytes) -> Iterator[Finding]:
    """Destinations that readers do not know, pictures of no kind, binary data that belong to nothing."""
    rooms = list(made.stray)
    for one in made.noted:
        if one.word == "pict" and one.end and not one.blip:
            rooms += one.bins or [(one.data, one.end - one.data)]
        elif one.end and one.word not in KNOWN and one.word not in TEXTS and one.word != "pict":
            rooms.append((one.data, one.end - one.data))
    for at, size in sorted(rooms)[:MOST_ROOMS]:
        if size >= LEAST_ROOM and busy(hit.view, at, size):
            yield hit.finding(at, hit.view.within(at, size), Room("rtf", "private"))
    if not version.startswith(b"f1"):
        shown = version[:8].decode("latin-1")
        yield hit.finding(0, 4 + len(version), Anomaly("version_odd", f"{{\\rt{shown}", ("T1027",)))
