"""Indirect objects of a PDF and their streams, found where they lie (ISO 32000-1, 7.3.8 and 7.3.10)."""

import re
from array import array
from dataclasses import dataclass, field

from rorqual.analyzers.formats.documents.pdf_filters import SHORT, Filter
from rorqual.analyzers.formats.documents.pdf_syntax import Ref, dictionary, parse
from rorqual.analyzers.formats.documents.scanner import Scanner
from rorqual.sdk import Malformed

MOST_OBJECTS = 50_000  # kept; those beyond are walked over
MOST_REFERENCES = 400_000
MOST_HEAD = 1 << 20  # bytes of an object before its stream
LENGTHS_AHEAD = 1 << 20  # bytes in which the length of a stream is looked for behind it
OBJECT = re.compile(rb"(\d{1,10})[\0\s]+(\d{1,5})[\0\s]+obj(?![A-Za-z])")
REFERENCE = re.compile(rb"(\d{1,10})[\0\s]+\d{1,5}[\0\s]+R(?![A-Za-z0-9])")
_BODY_END = re.compile(rb"endobj|(?<![A-Za-z/])stream(?=[\r\n ])|(?<![\x21-\x7e])\d{1,10} \d{1,5} obj(?![A-Za-z])")
_STREAM_END = re.compile(rb"endstream")
_AFTER_STREAM = re.compile(rb"[\0\s]*endstream[\0\s]*(?:endobj)?")


@dataclass(slots=True)
class Stream:
    """What the dictionary of a stream says of it."""

    at: int
    size: int
    filters: tuple[Filter, ...]
    kind: str  # /Type, else what stands for it
    subtype: str
    first: int = 0  # of an object stream: where its objects begin
    count: int = 0


@dataclass(slots=True)
class PDFObject:
    """An indirect object, at its place."""

    number: int
    at: int
    end: int
    body: int  # where its value begins
    body_end: int
    revision: int
    stream: Stream | None = None


@dataclass(slots=True)
class Walk:
    """All that was met."""

    objects: list[PDFObject] = field(default_factory=list)
    latest: dict[int, PDFObject] = field(default_factory=dict)
    references: dict[int, "array[int]"] = field(default_factory=dict)  # by place of the object
    trailers: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)  # places of "xref"
    entries: "array[int]" = field(default_factory=lambda: array("Q"))  # (number, offset) in turn
    starts: list[tuple[int, int]] = field(default_factory=list)  # (place, what startxref says)
    ends: list[int] = field(default_factory=list)  # behind each %%EOF and its line end
    gaps: list[tuple[int, int, str]] = field(default_factory=list)  # place, size, use
    wrong_lengths: list[tuple[int, int, int]] = field(default_factory=list)  # place, said, found
    bodies: "Bodies | None" = None
    count: int = 0  # of objects, all of them
    streams: int = 0
    referenced: int = 0
    end: int = 0
    broken: bool = False  # it breaks off inside of an object

    @property
    def whole(self) -> bool:
        """Whether all objects and references are kept."""
        return self.count <= MOST_OBJECTS and self.referenced <= MOST_REFERENCES


class Bodies:
    """Hears the text of each object before its stream."""

    def hear(self, one: PDFObject, body: bytes) -> None:
        raise NotImplementedError


def take_object(scan: Scanner, made: Walk, at: int, found: re.Match[bytes]) -> int:
    body_at = at + found.end()
    body, token = _body(scan, body_at)
    one = PDFObject(int(found[1]), at, 0, body_at, body_at + len(body), len(made.ends))
    if token == b"stream":
        one.end = _stream(scan, made, one, body)
    else:
        one.end = one.body_end + (6 if token == b"endobj" else 0)
    made.count += 1
    if len(made.objects) < MOST_OBJECTS:
        made.objects.append(one)
        made.latest[one.number] = one
        numbers = array("Q", (int(number) for number in REFERENCE.findall(body)))
        made.referenced += len(numbers)
        if numbers and made.referenced <= MOST_REFERENCES:
            made.references[at] = numbers
    if made.bodies is not None:
        made.bodies.hear(one, body)
    return one.end


def _body(scan: Scanner, at: int) -> tuple[bytes, bytes]:
    """The text of an object up to `endobj` or `stream`, and which; neither inside of a string."""
    found = scan.search(_BODY_END, at, at + MOST_HEAD)
    if found is None:
        raise Malformed(scan.view.offset + at, "the end of an object")
    end, token = found[0], found[1][0]
    body = scan.peek(at, end - at)
    if body.count(b"(") != body.count(b")"):
        whole = scan.peek(at, MOST_HEAD if len(body) > 4096 else 16_384)
        try:
            _, size = parse(whole, 0, scan.view.offset + at)
        except Malformed:
            return body, token
        again = _BODY_END.search(whole, size)
        if again:
            return whole[: again.start()], again[0]
    return body, token


def _stream(scan: Scanner, made: Walk, one: PDFObject, body: bytes) -> int:
    """Notes the object's stream and says where the object ends."""
    at = one.body_end + 6
    line = scan.peek(at, 3)
    at += 2 if line[:2] == b"\r\n" else 1 if line[:1] in (b"\r", b"\n") else 0
    try:
        said = dictionary(body, 0, scan.view.offset + one.body)
    except Malformed:
        said = {}
    size, end = _length(scan, made, at, said)
    made.streams += 1
    filters = filters_of(said)
    kind, subtype = _text(said.get("Type")), _text(said.get("Subtype"))
    if kind == "XRef":
        made.trailers.append((one.at, said))
    if not kind:
        kind = next((key for key in ("FunctionType", "PatternType", "ShadingType", "Length1", "N") if key in said), "")
    one.stream = Stream(at, size, filters, kind, subtype)
    if kind == "ObjStm":
        first, count = said.get("First"), said.get("N")
        one.stream.first = first if isinstance(first, int) else 0
        one.stream.count = count if isinstance(count, int) else 0
    return end


def _length(scan: Scanner, made: Walk, at: int, said: dict[str, object]) -> tuple[int, int]:
    """The size of the stream at `at`, and where its object ends."""
    length = said.get("Length")
    if isinstance(length, Ref):
        length = _resolved(scan, made, length, at)
    if isinstance(length, int) and length >= 0:
        found = _AFTER_STREAM.match(scan.peek(at + length, 64))
        if found:
            return length, at + length + found.end()
    close = scan.search(_STREAM_END, at)
    if close is None:
        raise Malformed(scan.view.offset + at, "the end of a stream")
    tail = scan.peek(max(at, close[0] - 2), close[0] - max(at, close[0] - 2))
    size = close[0] - at - (2 if tail == b"\r\n" else 1 if tail[-1:] in (b"\r", b"\n") else 0)
    if isinstance(length, int) and length != size:
        made.wrong_lengths.append((at, length, size))
    found = _AFTER_STREAM.match(scan.peek(close[0], 64))
    return size, close[0] + (found.end() if found else 9)


def _resolved(scan: Scanner, made: Walk, length: Ref, at: int) -> int | None:
    """The number that an object holds, which has been met or follows the stream."""
    known = made.latest.get(length.number)
    if known is None:
        pattern = re.compile(rb"(?<!\d)%d[\s\0]+%d[\s\0]+obj[\s\0]+(\d{1,12})[\s\0]+endobj" % length)
        ahead = scan.search(pattern, at, at + LENGTHS_AHEAD)
        return int(ahead[1][1]) if ahead else None
    digits = scan.view.read(known.body, known.body_end - known.body if known.body_end - known.body < 64 else 0).split()
    return int(digits[0][:12]) if digits and digits[0].isdigit() else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def filters_of(said: dict[str, object]) -> tuple[Filter, ...]:
    """The chain of filters that a stream's dictionary names."""
    names = said.get("Filter", said.get("F"))
    params = said.get("DecodeParms", said.get("DP"))
    chain = names if isinstance(names, list) else [names]
    given = params if isinstance(params, list) else [params]
    made = []
    for place, name in enumerate(chain[:16]):
        if isinstance(name, str):
            of = given[place] if place < len(given) else None
            made.append(_filter(SHORT.get(name, name), of if isinstance(of, dict) else {}))
    return tuple(made)


def _filter(name: str, said: dict[str, object]) -> Filter:
    keys = (("Predictor", 1), ("Colors", 1), ("BitsPerComponent", 8), ("Columns", 1), ("EarlyChange", 1))
    numbers = [value if isinstance(value := said.get(key), int) else usual for key, usual in keys]
    return Filter(name, *numbers)
