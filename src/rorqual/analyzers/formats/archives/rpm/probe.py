"""RPM packages, found by the lead and the header behind it."""

import bz2
import hashlib
import lzma
import zlib
from collections.abc import Callable, Iterator

from rorqual.analyzers.formats.archives.notes import Notes
from rorqual.analyzers.formats.archives.rpm.bodies import RpmPackage, RpmPayload
from rorqual.analyzers.formats.archives.rpm.headers import LEAD, MAGIC, STRING, Tags
from rorqual.sdk import (
    Anchor,
    Anomaly,
    Codec,
    Extent,
    Finding,
    Hit,
    Malformed,
    RangeDigest,
    Region,
    Said,
    View,
)

NAME, VERSION, RELEASE, SUMMARY, LICENCE, VENDOR, URL, ARCH = 1000, 1001, 1002, 1004, 1014, 1011, 1020, 1022
BUILD_TIME, BUILD_HOST, SOURCE, NAMES, OLD_NAMES = 1006, 1007, 1044, 1117, 1027
FORMAT, COMPRESSOR, DIGEST, DIGEST_KIND = 1124, 1125, 5092, 5093
SHA256 = 8  # of DIGEST_KIND, as OpenPGP numbers it
S_SIZE, S_LONG_SIZE, S_SHA1, S_SHA256, S_RESERVED, S_LONG_RESERVED = 1000, 270, 269, 273, 1008, 999
SIGNATURES = {267: "DSA", 268: "RSA", 278: "OpenPGP", 1002: "RSA over all", 1005: "DSA over all"}
SCRIPTS = {
    1023: "before installation",
    1024: "after installation",
    1025: "before removal",
    1026: "after removal",
    1079: "verification",
    1151: "before transaction",
    1152: "after transaction",
    5104: "before removal transaction",
    5105: "after removal transaction",
}
SCRIPT_MOST = 1 << 20
HASHED = 16 << 20  # bytes of a header whose digest is computed
READ, PIECE = 64 << 10, 256 << 10
DICTIONARY = 80 << 20  # bytes of memory for LZMA


class Rpm:
    """Finds RPM packages anywhere."""

    name = "rpm"
    version = 1
    wakes_on = (Anchor(rb"\xed\xab\xee\xdb[\x02-\x04][\x00-\x0f]\x00[\x00\x01]"),)

    def score(self, view: View, /) -> int:
        """A header must follow the lead."""
        return 1 if view.read(LEAD, 4) == MAGIC else 0

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        lead = view.exact(0, LEAD)
        signed = Tags(view, LEAD)
        at = signed.end + -signed.end % 8
        tags = Tags(view, at)
        if NAME not in tags and FORMAT not in tags:
            raise Malformed(hit.offset + at, "a header about a package")
        notes = Notes(hit, "rpm")
        yield from notes.room(hit.offset + 8, lead[8:], "unused")
        for number in (S_RESERVED, S_LONG_RESERVED):
            if (entry := signed.entry(number)) is not None:
                yield from notes.room(hit.offset + entry.at, view.read(entry.at, min(entry.items, 4096)), "unused")
        proof = _checked(view, signed, tags)
        if proof == "":
            name = "header_digest_wrong"
            yield hit.finding(at, tags.end - at, Anomaly(name, "what the first header has of the second"))
        size = signed.number(S_LONG_SIZE) or signed.number(S_SIZE)
        end = tags.end if size is None else at + size
        if end < tags.end:
            yield hit.finding(at, tags.end - at, Anomaly("size_wrong", f"{size} bytes, the header alone has more"))
            size, end = None, tags.end
        there = tags.end + view.within(tags.end, end - tags.end)
        yield hit.finding(0, there, _package(lead, signed, tags, proof or "two headers in a row"))
        yield from _scripts(tags, view)
        if there > tags.end:
            yield from _payload(hit, tags, there, whole=there == end)
        if size is not None and there == end:
            yield Extent(0, end, "rpm", proof or "two headers in a row, and the size in the first", "start")


def _checked(view: View, signed: Tags, tags: Tags) -> str | None:
    """What digest of the header holds; empty where one does not, None where there is none."""
    size = tags.end - tags.at
    for number, name in ((S_SHA256, "sha256"), (S_SHA1, "sha1")):
        stored = signed.raw(number)
        if stored and size <= HASHED:
            digest = hashlib.new(name, view.exact(tags.at, size), usedforsecurity=False).hexdigest()
            return f"the header's {name.upper()} holds" if stored.decode("latin-1") == digest else ""
    return None


def _package(lead: bytes, signed: Tags, tags: Tags, proof: str) -> RpmPackage:
    return RpmPackage(
        kind="source" if lead[7] == 1 else "binary",
        name=tags.text(NAME),
        version=tags.text(VERSION),
        release=tags.text(RELEASE),
        arch=tags.text(ARCH),
        summary=tags.text(SUMMARY),
        licence=tags.text(LICENCE),
        vendor=tags.text(VENDOR),
        url=tags.text(URL),
        source=tags.text(SOURCE),
        build_time=tags.number(BUILD_TIME),
        build_host=tags.text(BUILD_HOST),
        files=tags.count(NAMES) or tags.count(OLD_NAMES),
        scripts=tuple(name for number, name in SCRIPTS.items() if number in tags),
        signatures=tuple(name for number, name in SIGNATURES.items() if number in signed),
        proof=proof,
    )


def _scripts(tags: Tags, view: View) -> Iterator[Said]:
    """What runs on installation, as children."""
    for number, name in SCRIPTS.items():
        entry = tags.entry(number)
        if entry is not None and entry.type == STRING:
            size = view.read(entry.at, min(SCRIPT_MOST, tags.end - entry.at)).find(b"\0")
            if size > 0:
                yield Region(entry.at, size, "rpm-script", Codec("rpm-script", None), name=name)


def _payload(hit: Hit, tags: Tags, end: int, *, whole: bool) -> Iterator[Said]:
    """The payload as a child under the name that the compressor's own probe has for it, so that it is decoded once."""
    at = tags.end
    compressor = tags.text(COMPRESSOR) or "gzip"
    stored = tags.text(DIGEST) if tags.number(DIGEST_KIND) == SHA256 else None
    body = RpmPayload(tags.text(FORMAT) or "cpio", compressor, stored)
    finding = hit.finding(at, end - at, body)

    def compare(filled: Finding) -> Iterator[Finding]:
        yield filled
        assert isinstance(filled.body, RpmPayload)
        if filled.body.sha256 != stored:
            yield hit.finding(at, end - at, Anomaly("payload_digest_wrong", f"{stored} stored"))

    if stored and whole:
        yield RangeDigest(finding, ((finding.offset, end - at),), ("sha256",), then=compare)
    else:
        yield finding
    make = DECODERS.get(compressor)
    codec = Codec("rpm-payload", None) if make is None else Codec(compressor, make)
    yield Region(at, end - at, "rpm-payload", codec, name=f"payload.{body.format}")


def _gunzip(view: View) -> Iterator[bytes]:
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    at = 0
    while not stream.eof and (data := view.read(at, READ)):
        at += len(data)
        piece = None
        while not stream.eof and (data or piece is None or len(piece) == PIECE):
            try:
                piece = stream.decompress(data, PIECE)
            except zlib.error as error:
                raise Malformed(view.offset + at, f"gzip data ({error})") from error
            data = stream.unconsumed_tail
            if piece:
                yield piece
    if not stream.eof:
        raise Malformed(view.offset + at, "the end of the gzip stream")


def _drawn(view: View, stream: "bz2.BZ2Decompressor | lzma.LZMADecompressor") -> Iterator[bytes]:
    at, data = 0, b""
    while not stream.eof:
        if stream.needs_input:
            data = view.read(at, READ)
            at += len(data)
            if not data:
                raise Malformed(view.offset + at, "the end of the stream")
        try:
            piece = stream.decompress(data, PIECE)
        except (OSError, lzma.LZMAError, MemoryError) as error:
            raise Malformed(view.offset + at, f"data that decodes ({error})") from error
        data = b""
        if piece:
            yield piece


def _bunzip(view: View) -> Iterator[bytes]:
    return _drawn(view, bz2.BZ2Decompressor())


def _unxz(view: View) -> Iterator[bytes]:
    return _drawn(view, lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=DICTIONARY))


def _unlzma(view: View) -> Iterator[bytes]:
    return _drawn(view, lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=DICTIONARY))


DECODERS: dict[str, Callable[[View], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "bzip2": _bunzip,
    "xz": _unxz,
    "lzma": _unlzma,
}
