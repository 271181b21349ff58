"""DICOM objects: a preamble of 128 bytes, "DICM", group 2 in explicit VRs, and the data set to its end.

DICOM PS3.10 section 7 and PS3.5. Objects without a preamble are not found; the pixels are not decoded.
"""

from collections.abc import Iterator
from typing import ClassVar
from zlib import MAX_WBITS, decompressobj, error

from rorqual.analyzers.formats.images.dicom_elements import PIXELS, Element, Elements, Encoding
from rorqual.analyzers.formats.images.walking import Found, as_it_is, latin
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

PREAMBLE = 128
BEGINS = PREAMBLE + 4
TRANSFER_SYNTAX, DOCUMENT, PADDING, PRIVATE_META = 0x00020010, 0x00420011, 0xFFFCFFFC, 0x00020102
IMPLICIT, BIG_ENDIAN, DEFLATED = "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"
TEXTS = {
    TRANSFER_SYNTAX: "transfer_syntax",
    0x00020013: "implementation",
    0x00080016: "sop_class",
    0x00080018: "sop_instance",
    0x00080020: "study_date",
    0x00080060: "modality",
    0x00080070: "manufacturer",
    0x00080080: "institution",
    0x00081030: "study",
    0x00100010: "patient",
    0x00100020: "patient_id",
    0x00100030: "birth_date",
    0x00280004: "photometric",
    0x00280008: "frames",
}  # fmt: skip
NUMBERS = {0x00280010: "rows", 0x00280011: "columns", 0x00280100: "bits"}
FEWEST = 4  # elements that prove an object
READ = 64 << 10
STEP = 16  # decoded bytes that cost as much as one read


@frozen
class DICOMObject:
    """An object; the finding spans preamble and elements, as far as they are there."""

    tag: ClassVar[str] = "dicom_object"
    transfer_syntax: str | None
    implementation: str | None
    sop_class: str | None
    sop_instance: str | None
    study_date: str | None
    modality: str | None
    manufacturer: str | None
    institution: str | None
    study: str | None
    patient: str | None
    patient_id: str | None
    birth_date: str | None
    photometric: str | None
    frames: str | None
    rows: int
    columns: int
    bits: int  # allocated for a sample
    pixels: int  # bytes of them
    elements: int  # of the outmost level
    private: int  # of these


class DICOM:
    """Finds DICOM objects anywhere."""

    name = "dicom"
    version = 1
    wakes_on = (Anchor(rb"DICM[\x00-\x7f]\x00[\x00-\xff]{2}", back=128),)

    def score(self, view: View, /) -> int:
        """The first element's length is that of a small one, or its VR is one."""
        head = view.read(BEGINS, 12)
        return int(len(head) >= 10 and (head[4:6].isalpha() or head[6:8] == b"\0\0"))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found = hit.view, Found("dicom", lead=12)
        elements, count, private = Elements(view, BEGINS), 0, 0
        texts: dict[str, str | None] = {}
        numbers: dict[str, int] = {}
        found.room(0, PREAMBLE, "preamble")
        deflated, pixels, sound = False, 0, 0
        for one in elements:
            if deflated and one.tag >> 16 != 2:
                break
            count += 1
            sound += one.tag >> 16 in (2, 8, 0x10, 0x18, 0x20, 0x28) or one.tag == PIXELS
            private += one.tag >> 16 & 1
            if one.tag in TEXTS and one.size <= 4096:
                texts[TEXTS[one.tag]] = latin(view.read(one.at, one.size)) or None
            elif one.tag in NUMBERS and one.size == 2:
                data = view.read(one.at, 2)
                numbers[NUMBERS[one.tag]] = int.from_bytes(data if elements.encoding.little else data[::-1], "little")
            if one.tag == TRANSFER_SYNTAX:
                elements.encoding = _encoding(texts.get("transfer_syntax"))
                deflated = texts.get("transfer_syntax") == DEFLATED
            pixels += one.size if one.tag == PIXELS else 0
            _note(found, one)
        at = elements.at
        end = _deflated_end(view, at) if deflated else at
        if sound < FEWEST and end == at:
            raise Malformed(hit.offset + at, f"{FEWEST} elements of an object")
        if end > at:
            found.child(Region(at, end - at, "dicom-deflated", Codec("dicom-deflated", _inflate)))
        yield hit.finding(0, end, _body(texts, numbers, pixels, elements=count, private=private))
        if not elements.cut and (end > at or not deflated):
            yield Extent(0, end, "dicom", f"preamble and {count} elements lead to the end", "fixed 128")
        yield from found.said(hit)


def _body(
    texts: dict[str, str | None], numbers: dict[str, int], pixels: int, *, elements: int, private: int
) -> DICOMObject:
    """What the elements tell."""
    return DICOMObject(
        transfer_syntax=texts.get("transfer_syntax"),
        implementation=texts.get("implementation"),
        sop_class=texts.get("sop_class"),
        sop_instance=texts.get("sop_instance"),
        study_date=texts.get("study_date"),
        modality=texts.get("modality"),
        manufacturer=texts.get("manufacturer"),
        institution=texts.get("institution"),
        study=texts.get("study"),
        patient=texts.get("patient"),
        patient_id=texts.get("patient_id"),
        birth_date=texts.get("birth_date"),
        photometric=texts.get("photometric"),
        frames=texts.get("frames"),
        rows=numbers.get("rows", 0),
        columns=numbers.get("columns", 0),
        bits=numbers.get("bits", 0),
        pixels=pixels,
        elements=elements,
        private=private,
    )


def _encoding(syntax: str | None) -> Encoding:
    """How the data set is stored; writers err, so explicit ones tell for themselves unless they are big-endian."""
    if syntax == BIG_ENDIAN:
        return Encoding(explicit=True, little=False)
    return Encoding(explicit=False if syntax == IMPLICIT else None)


def _note(found: Found, one: Element) -> None:
    """Room and children."""
    if one.tag >> 16 & 1 or one.tag == PRIVATE_META:
        found.room(one.at, one.size, "private")
    elif one.tag == PADDING:
        found.room(one.at, one.size, "padding")
    elif one.tag == DOCUMENT:
        found.child(as_it_is(one.at, one.size, "dicom-document"))


def _deflated_end(view: View, at: int) -> int:
    """Where the deflated data set ends; `at` where it does not."""
    stream, start = decompressobj(-MAX_WBITS), at
    while not stream.eof:
        data = view.read(at, READ)
        if not data:
            return start
        at += len(data)
        while data and not stream.eof:
            try:
                piece = stream.decompress(data, READ)
            except error:
                return start
            view.step(len(piece) // STEP + 1)
            data = stream.unconsumed_tail
    end = at - len(stream.unused_data)
    return end + 1 if view.read(end, 1) == b"\0" and (end - start) % 2 else end


def _inflate(view: View) -> Iterator[bytes]:
    """The data set, decoded.

    Raises:
        Malformed: it breaks off.
    """
    stream, at = decompressobj(-MAX_WBITS), 0
    while not stream.eof:
        data = view.read(at, READ)
        if not data:
            raise Malformed(view.offset + at, "the end of the data set")
        at += len(data)
        while data and not stream.eof:
            try:
                piece = stream.decompress(data, READ)
            except error as why:
                raise Malformed(view.offset + at - len(data), f"DEFLATE data ({why})") from why
            if piece:
                yield piece
            data = stream.unconsumed_tail
