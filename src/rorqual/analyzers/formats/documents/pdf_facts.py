"""What an analyst asks of a PDF's objects: actions, scripts, forms, embedded files, who points at which stream."""

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from rorqual.analyzers.formats.documents.pdf_filters import STEPS, Filter, Pieces, lzw, predicted, raw
from rorqual.analyzers.formats.documents.pdf_objects import REFERENCE, Bodies, PDFObject, Walk
from rorqual.analyzers.formats.documents.pdf_syntax import Ref, dictionary, name_of, parse, text
from rorqual.analyzers.formats.documents.scanner import Scanner
from rorqual.sdk import Malformed, View

MOST_KEPT = 4096  # of each kind of thing that is noted
OBJECT_STREAM = 4 << 20  # decoded bytes of one object stream that are read
OBJECT_STREAMS = 32 << 20  # and of all
STEP = 64  # decoded bytes that cost as much as one turn of a loop
COMPRESSED = 200_000  # objects in object streams
ACTIONS = (
    *(b"AA", b"AcroForm", b"EmbeddedFile", b"EmbeddedFiles", b"GoToE", b"GoToR", b"ImportData", b"JBIG2Decode", b"JS"),
    *(b"JavaScript", b"Launch", b"Movie", b"OpenAction", b"Rendition", b"RichMedia", b"Sig", b"Sound", b"SubmitForm"),
    *(b"URI", b"XFA", b"3D"),
)
KNOWN = frozenset(  # keys that lead to streams which readers read
    b"AP AlternatePresentations BG BG2 CIDSet CIDToGIDMap CMap CharProc Contents D DestOutputProfile Desc EF Encoding "
    b"F FontFile FontFile2 FontFile3 Function G HT JS Length Lookup Mask Metadata N OC R ReferencedPDF SMask Sound TR "
    b"TR2 Thumb ToUnicode UCR UCR2 UF UseCMap V Xfa XFA Mac Unix DOS ICCBased Di Data Params RV RC DataHash".split()
)
_ACTION = re.compile(rb"/(" + b"|".join(ACTIONS) + rb")(?![A-Za-z0-9])")
_NAME = re.compile(rb"/[^\0\t\n\x0c\r ()<>\[\]{}/%]*#[^\0\t\n\x0c\r ()<>\[\]{}/%]*")
_NEEDLESS = re.compile(rb"#(?:3[0-9]|[46][1-9a-fA-F]|[57][0-9aA])")  # an escaped letter or digit
_KEYED = re.compile(rb"/([^\0\t\n\x0c\r ()<>\[\]{}/%]+)[\0\s]+(\d{1,10})[\0\s]+\d{1,5}[\0\s]+R(?![A-Za-z0-9])")
_SCRIPT = re.compile(rb"/JS[\0\s]*(?=[(<][^<])")
_FILE = re.compile(rb"/EF(?![A-Za-z0-9])")
_FORM = re.compile(rb"/XFA[\0\s]*(\[[^\]]*\]|\d+[\0\s]+\d+[\0\s]+R)")
_CATALOG = re.compile(rb"/Type[\0\s]*/Catalog(?![A-Za-z])")
_PAGE = re.compile(rb"/Type[\0\s]*/Page(?![A-Za-z])")


@dataclass
class Facts(Bodies):
    """Hears all objects."""

    counts: Counter[bytes] = field(default_factory=Counter)
    escaped: list[tuple[int, bytes]] = field(default_factory=list)  # place, a name that hides behind escapes
    scripts: list[int] = field(default_factory=list)  # places of strings of JavaScript
    names: dict[int, str] = field(default_factory=dict)  # of embedded files, by number of the stream's object
    uses: dict[int, str] = field(default_factory=dict)  # number of an object: "javascript", "xfa" or "font"
    firm: set[int] = field(default_factory=set)  # numbers that known keys or arrays point at
    loose: set[int] = field(default_factory=set)  # numbers that other keys point at
    catalogs: int = 0
    pages: int = 0
    linearised: bool = False

    def hear(self, one: PDFObject, body: bytes) -> None:
        """Takes in the text of an object of the file itself."""
        if b"#" in body:
            body = self._unescaped(one, body)
        self.read(body)
        if b"/JS" in body and len(self.scripts) < MOST_KEPT and b"#" not in body:
            self.scripts += [one.body + found.end() for found in _SCRIPT.finditer(body)]
        if b"/Linearized" in body[:64] and not one.stream:
            self.linearised = True

    def read(self, body: bytes) -> None:
        """Takes in text of objects, wherever it stands."""
        self.counts.update(_ACTION.findall(body))
        self.catalogs += len(_CATALOG.findall(body))
        self.pages += len(_PAGE.findall(body))
        if b"R" not in body or len(self.firm) > 100_000:
            return
        keyed = 0
        for key, number in _KEYED.findall(body):
            keyed += 1
            (self.firm if key in KNOWN or key.startswith(b"FontFile") else self.loose).add(int(number))
            if key == b"JS" or key.startswith(b"FontFile"):
                self.uses[int(number)] = "javascript" if key == b"JS" else "font"
        numbers = REFERENCE.findall(body)
        if len(numbers) > keyed:  # the rest stand in arrays
            with_keys = Counter(number for _, number in _KEYED.findall(body))
            self.firm.update(int(number) for number, count in Counter(numbers).items() if count > with_keys[number])
        for form in _FORM.findall(body):
            self.uses |= {int(number): "xfa" for number in REFERENCE.findall(form)}
        if b"/EF" in body and len(self.names) < MOST_KEPT:
            self._file(body)

    def _unescaped(self, one: PDFObject, body: bytes) -> bytes:
        for found in _NAME.finditer(body):
            plain = name_of(found[0][1:]).encode("latin-1")
            if plain in ACTIONS and _NEEDLESS.search(found[0]) and len(self.escaped) < MOST_KEPT:
                self.escaped.append((one.body + found.start(), found[0]))
        return _NAME.sub(lambda found: b"/" + name_of(found[0][1:]).encode("latin-1"), body)

    def _file(self, body: bytes) -> None:
        """A file specification (7.11.3), which may stand inside of another value."""
        for found in _FILE.finditer(body):
            start = body.rfind(b"<<", 0, found.start())
            while start >= 0:
                try:
                    said = dictionary(body, start)
                except Malformed:
                    said = {}
                streams = said.get("EF")
                if isinstance(streams, dict):
                    name = text(said.get("UF")) or text(said.get("F")) or ""
                    self.names |= {to.number: name for to in streams.values() if isinstance(to, Ref)}
                    break
                start = body.rfind(b"<<", 0, start)
                if found.start() - start > 4096:
                    break


@dataclass
class Compressed:
    """Objects in object streams (7.5.7), decoded again when they are asked for."""

    scan: Scanner
    made: Walk
    places: dict[int, tuple[PDFObject, int]] = field(default_factory=dict)  # number: container, index
    references: dict[int, "array[int]"] = field(default_factory=dict)
    whole: bool = True
    _last: tuple[int, bytes, list[int]] = (-1, b"", [])

    def read_all(self, facts: Facts) -> None:
        """Lets the facts hear all of them."""
        total = 0
        for one in self.made.objects:
            if one.stream is None or one.stream.kind != "ObjStm" or self.made.latest.get(one.number) is not one:
                continue
            numbers = self._open(one)
            data = self._last[1]
            total += len(data)
            if total > OBJECT_STREAMS or len(self.places) > COMPRESSED:
                self.whole = False
                return
            for index, number in enumerate(numbers):
                self.scan.view.step()
                body = self._body(index)
                facts.read(body)
                self.places[number] = (one, index)
                self.references[number] = array("Q", (int(to) for to in REFERENCE.findall(body)))

    def value(self, number: int) -> object:
        """The value of the object of this number, wherever it is; None where it is not."""
        one = self.made.latest.get(number)
        if one is not None:
            body = self.scan.view.read(one.body, min(one.body_end - one.body, 64 << 10))
        elif number in self.places:
            container, index = self.places[number]
            self._open(container)
            body = self._body(index)
        else:
            return None
        try:
            return parse(body)[0]
        except Malformed:
            return None

    def look(self, value: object) -> object:
        """The value itself, or what it refers to."""
        return self.value(value.number) if isinstance(value, Ref) else value

    def _open(self, one: PDFObject) -> list[int]:
        """Decodes the container and returns the numbers of its objects."""
        assert one.stream is not None
        pieces: list[bytes] = []
        size = 0
        try:
            for piece in decoded(self.scan.view.sub(one.stream.at), one.stream.size, one.stream.filters):
                self.scan.view.step(len(piece) // STEP)
                pieces.append(piece)
                size += len(piece)
                if size > OBJECT_STREAM:
                    self.whole = False
                    break
        except Malformed:
            self.whole = False
        data = b"".join(pieces)
        head = [int(word) for word in data[: one.stream.first].split() if word.isdigit()]
        starts = [one.stream.first + at for at in head[1::2]]
        self._last = (one.at, data, starts)
        return head[0 : 2 * len(starts) : 2]

    def _body(self, index: int) -> bytes:
        _, data, starts = self._last
        if index >= len(starts):
            return b""
        return data[starts[index] : starts[index + 1] if index + 1 < len(starts) else None]


def decoded(view: View, size: int, filters: tuple[Filter, ...]) -> Iterator[bytes]:
    """The first `size` bytes of the view through the filters.

    Raises:
        Malformed: the encoding breaks.
    """
    pieces: Pieces = raw(view, size)
    for one in filters:
        if one.name == "LZWDecode":
            pieces = lzw(pieces, view.offset, one.early)
        elif one.name in STEPS:
            pieces = STEPS[one.name](pieces, view.offset)
        if one.predictor > 1 and one.name in ("LZWDecode", "FlateDecode"):
            pieces = predicted(pieces, view.offset, one)
    yield from pieces
