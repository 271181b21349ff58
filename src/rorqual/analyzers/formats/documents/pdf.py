"""PDF documents: "%PDF-1.x", objects "N G obj … endobj", tables of their offsets, a trailer, `startxref`, "%%EOF".

ISO 32000-1:2008, https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf. Readers look for the
header in the first 1,024 bytes and take offsets from the start of the file, or from the header. Cross-reference
streams are not compared with what is there; what a handler of security encrypts is not decrypted.
"""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from rorqual.analyzers.formats.documents.pdf_facts import Compressed, Facts, decoded
from rorqual.analyzers.formats.documents.pdf_filters import STEPS
from rorqual.analyzers.formats.documents.pdf_objects import PDFObject, Stream, Walk
from rorqual.analyzers.formats.documents.pdf_room import rooms, wrong_entries, xref_base
from rorqual.analyzers.formats.documents.pdf_syntax import hex_bytes, literal, text
from rorqual.analyzers.formats.documents.pdf_walk import FIRST_OBJECT, walk
from rorqual.analyzers.formats.documents.scanner import Scanner
from rorqual.sdk import Anchor, Anomaly, Closed, Codec, Extent, Hit, Malformed, Refused, Region, Said, View, frozen

HEADER_WITHIN = 1024  # bytes: implementation note 13 of the PDF Reference 1.7
FIRST_OBJECT_AT_START = 4 << 20  # bytes after a header that readers would accept in which the first object may begin
LONGEST_SCRIPT = 16 << 20  # bytes of a string of JavaScript
FILES = {"DCTDecode": "jpeg", "DCT": "jpeg", "JPXDecode": "jp2"}  # filters whose data are files of their own
PIXELS = ("CCITTFaxDecode", "CCF", "JBIG2Decode")


@frozen
class PDFDocument:
    """A document. The finding spans it from the header to the end of its last revision."""

    tag: ClassVar[str] = "pdf_document"
    version: str
    objects: int
    streams: int
    object_streams: int
    pages: int | None
    revisions: int  # %%EOF marks; a linearised document has one more than it was saved times
    offsets_from: str  # what the tables of offsets count from: "source", "header", "both", or "neither"
    linearised: bool
    encrypted: str | None
    javascript: int  # places that run or name a script
    open_action: bool
    additional_actions: bool
    launch: int
    embedded_files: int
    acro_form: bool
    xfa: bool
    uris: int
    title: str | None
    author: str | None
    creator: str | None
    producer: str | None
    created: str | None
    modified: str | None


class PDF:
    """Finds PDF documents anywhere."""

    name = "pdf"
    version = 1
    wakes_on = (Anchor(rb"%PDF-"), Anchor(rb"%!PS-Adobe-[1-3]\.[0-9] PDF-[12]\.[0-9]"))

    def score(self, view: View, /) -> int:
        """A version is better than none, and an object near by is better still."""
        head = view.read(0, 1024)
        return 1 + 2 * (b" obj" in head) + head[5:6].isdigit()

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        scan = Scanner(view, 1 << 40)
        facts = Facts()
        made = walk(scan, facts, near=FIRST_OBJECT if hit.offset > HEADER_WITHIN else FIRST_OBJECT_AT_START)
        if not made.objects:
            raise Malformed(view.offset, "an object")
        end = made.ends[-1] if made.ends else made.end
        if any(at >= end for at, _ in [*made.starts, *made.trailers]):
            end = made.end
        trim(made, end)
        trailer = next((said for _, said in reversed(made.trailers) if "Root" in said), {})
        inside = Compressed(scan, made)
        if "Encrypt" not in trailer:
            inside.read_all(facts)
        yield hit.finding(0, end, record(scan, made, facts, inside, trailer))
        if made.trailers or made.ends:
            yield Extent(0, end, "pdf", _proof(made), f"within {HEADER_WITHIN}")
        yield from rooms(hit, made, facts, inside, trailer=trailer, end=end)
        yield from _anomalies(hit, made, facts)
        if "Encrypt" in trailer:
            yield Closed(0, end, f"encrypted {encryption(inside, trailer)}")
            return
        for one in made.objects:
            if one.stream is not None and one.stream.size:
                yield from _child(one, one.stream, facts)
        for at in facts.scripts:
            yield Region(at, None, "pdf-script", Codec("pdf-string", script))


def trim(made: Walk, end: int) -> None:
    """Forgets what lies behind the end."""
    behind = [one for one in made.objects if one.at >= end]
    if not behind:
        return
    made.objects = made.objects[: -len(behind)]
    made.count -= len(behind)
    made.streams -= sum(one.stream is not None for one in behind)
    made.latest = {one.number: one for one in made.objects}


def record(scan: Scanner, made: Walk, facts: Facts, inside: Compressed, trailer: dict[str, object]) -> PDFDocument:
    """The facts of a document."""
    info = inside.look(trailer.get("Info"))
    about = info if isinstance(info, dict) else {}
    said = {key: text(inside.look(about.get(key))) for key in _ABOUT}
    if "Encrypt" in trailer:
        said = dict.fromkeys(_ABOUT)
    counts = facts.counts
    kinds = [one.stream for one in made.objects if one.stream is not None]
    head = scan.view.read(0, 32).split(b"PDF-")[1]
    return PDFDocument(
        version=head[:3].decode("latin-1") if head[:1].isdigit() else "",
        objects=made.count + len(inside.places),
        streams=made.streams,
        object_streams=sum(one.kind == "ObjStm" for one in kinds),
        pages=_pages(inside, trailer) or facts.pages or None,
        revisions=len(made.ends),
        offsets_from=xref_base(scan, made),
        linearised=facts.linearised,
        encrypted=encryption(inside, trailer) if "Encrypt" in trailer else None,
        javascript=max(counts[b"JS"], counts[b"JavaScript"]),
        open_action=bool(counts[b"OpenAction"]),
        additional_actions=bool(counts[b"AA"]),
        launch=counts[b"Launch"],
        embedded_files=sum(one.kind == "EmbeddedFile" for one in kinds) or len(facts.names),
        acro_form=bool(counts[b"AcroForm"]),
        xfa=bool(counts[b"XFA"]),
        uris=counts[b"URI"],
        title=said["Title"],
        author=said["Author"],
        creator=said["Creator"],
        producer=said["Producer"],
        created=said["CreationDate"],
        modified=said["ModDate"],
    )


_ABOUT = ("Title", "Author", "Creator", "Producer", "CreationDate", "ModDate")


def encryption(inside: Compressed, trailer: dict[str, object]) -> str:
    """What the encryption dictionary (7.6.1) says of itself."""
    said = inside.look(trailer.get("Encrypt"))
    if not isinstance(said, dict):
        return "PDF"
    numbers = [str(said.get(key, "?")) for key in ("V", "R")]
    return f"PDF ({said.get('Filter', '?')}, version {numbers[0]}, revision {numbers[1]})"[:80]


def script(view: View) -> Iterator[bytes]:
    """The bytes of the string at the view's start."""
    data = view.read(0, 4096)
    closing = b">" if data[:1] == b"<" else b")"
    while True:
        if closing == b">" and (end := data.find(b">")) >= 0:
            yield hex_bytes(data[1:end].translate(None, b""))
            return
        if closing == b")":
            try:
                made, _ = literal(data, 0, view.offset)
            except Malformed:
                made = None
            if made is not None:
                yield from (made[at : at + (1 << 20)] for at in range(0, len(made), 1 << 20))
                return
        more = view.read(len(data), 3 * len(data))
        if not more or len(data) > LONGEST_SCRIPT:
            raise Malformed(view.offset, "a string that ends")
        data += more


def _pages(inside: Compressed, trailer: dict[str, object]) -> int | None:
    root = inside.look(trailer.get("Root"))
    tree = inside.look(root.get("Pages")) if isinstance(root, dict) else None
    count = inside.look(tree.get("Count")) if isinstance(tree, dict) else None
    return count if isinstance(count, int) and count > 0 else None


def _proof(made: Walk) -> str:
    parts = [f"{made.count} object{'s' * (made.count != 1)}"]
    parts += ["a trailer"] if made.trailers else []
    parts += ["the end mark"] if made.ends else []
    return ", ".join(parts) + " parse"


def _child(one: PDFObject, stream: Stream, facts: Facts) -> Iterator[Said]:
    """What a stream holds, unless it is pixels or what the document's own bytes show as well."""
    use = facts.uses.get(one.number, "")
    file = stream.kind == "EmbeddedFile" or one.number in facts.names
    name = facts.names.get(one.number) or None
    filters = stream.filters
    image = filters[-1].name if filters else ""
    if image in FILES and len(filters) == 1:
        yield Region(stream.at, stream.size, "pdf-stream", Codec(FILES[image], None), name=name)
        return
    if stream.kind == "XRef" or image in PIXELS or (stream.subtype == "Image" and not file and image not in FILES):
        return
    if not filters:
        if file or use:
            yield Region(stream.at, stream.size, "pdf-stream", Codec("pdf-part", None), name=name)
        return
    steps = filters[:-1] if image in FILES else filters
    strange = [each.name for each in steps if each.name not in STEPS and each.name not in ("LZWDecode", "Crypt")]
    if strange:
        yield Refused(stream.at, stream.size, "method", 0)
        return
    yield Region(stream.at, None, "pdf-stream", Codec("pdf-stream", partial(_stream, stream)), name=name)


def _stream(stream: Stream, view: View) -> Iterator[bytes]:
    yield from decoded(view, stream.size, stream.filters)


def _anomalies(hit: Hit, made: Walk, facts: Facts) -> Iterator[Said]:
    for before, (at, later) in enumerate(zip(made.ends, made.ends[1:], strict=False)):
        if before == 0 and facts.linearised:
            continue
        changed = sum(one.revision == before + 1 for one in made.objects)
        yield hit.finding(at, later - at, Anomaly("incremental_update", f"revision {before + 2}: {changed} objects"))
    for at, said, size in made.wrong_lengths[:64]:
        yield hit.finding(at, size, Anomaly("stream_length_wrong", f"says {said}, ends after {size} bytes"))
    for at, name in facts.escaped[:64]:
        shown = name.decode("latin-1")[:64]
        yield hit.finding(at, len(name), Anomaly("name_escaped", shown, ("T1027",)))
    yield from wrong_entries(hit, made)
