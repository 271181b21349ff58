"""Compound files (OLE 2): a header, sectors in chains, a directory; Office, Outlook, Windows Installer and others.

[MS-CFB], https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb. Streams of documents are not parsed beyond
what says that they are encrypted; encrypted documents are not decrypted.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.documents.ole_children import children
from rorqual.analyzers.formats.documents.ole_container import Container, opened, read
from rorqual.analyzers.formats.documents.ole_directory import ROOT, STORAGE, STREAM, Entry, entries, flavour
from rorqual.analyzers.formats.documents.ole_room import last_sector, rooms
from rorqual.analyzers.formats.documents.ole_summary import summary
from rorqual.sdk import Anchor, Anomaly, Closed, Extent, Hit, Said, View, frozen

MOST_NAMES = 64
SUMMARY = 64 << 10  # bytes of a summary that are read
FILE_PASS = b"\x2f\0"  # record of a workbook whose others are encrypted
ENCRYPTED_SHOW = b"\xdf\xc4\xd1\xf3"  # token in "Current User" of an encrypted presentation
_ABOUT = (
    "title",
    "subject",
    "author",
    "saved_by",
    "template",
    "comments",
    "application",
    "created",
    "saved",
)


@frozen
class OLEContainer:
    """A compound file. The finding spans it to the end of its last sector in use."""

    tag: ClassVar[str] = "ole_container"
    format: str  # by what is in the directory
    sector_size: int  # bytes
    streams: int
    storages: int
    names: tuple[str, ...]  # the first paths
    clsid: str  # of the root, 32 hex digits as stored
    macros: bool
    encrypted: str | None
    title: str | None
    subject: str | None
    author: str | None
    saved_by: str | None
    template: str | None
    comments: str | None
    application: str | None
    created: str | None
    saved: str | None


class OLE:
    """Finds compound files anywhere."""

    name = "ole"
    version = 1
    wakes_on = (Anchor(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),)

    def score(self, view: View, /) -> int:
        """A byte order and sizes of sectors that there are."""
        head = view.read(28, 6)
        return int(head[:2] == b"\xfe\xff" and head[2:3] in (b"\x09", b"\x0c") and head[4:6] == b"\x06\0")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        made = opened(hit.view)
        found = entries(made)
        root = found[0]
        made.mini_runs = made.whole_runs(root.start, root.size, "mini stream") if root.size else []
        for one in found:
            if one.kind == STREAM and one.size:
                one.runs = made.runs(one.start, one.size, repr(one.name)[:80])
        end = made.place(last_sector(made) + 1)
        size = hit.view.within(0, end)
        format = flavour(found)
        closed = encryption(made, found, format)
        yield hit.finding(0, size, _record(made, found, format, closed))
        if size >= min(end, made.needed):  # some writers leave out what the last stream does not need
            proof = f"directory of {len(found)} entries and their chains"
            yield Extent(0, size, format, proof)
        for name, (at, proof) in sorted(made.troubles.items()):
            yield hit.finding(at, 0, Anomaly(name, proof))
        yield from rooms(hit, made, found, size)
        if closed is not None:
            yield Closed(0, size, f"encrypted {closed}")
        yield from children(made, found)


def _record(made: Container, found: list[Entry], format: str, closed: str | None) -> OLEContainer:
    about: dict[str, str] = {}
    for one in found:
        if one.path == ("\5SummaryInformation",) and one.runs:
            about = summary(read(made.view, one.runs, SUMMARY))
    kinds = [one.kind for one in found]
    return OLEContainer(
        format=format,
        sector_size=made.sector,
        streams=kinds.count(STREAM),
        storages=kinds.count(STORAGE),
        names=tuple(one.shown for one in found if one.kind != ROOT)[:MOST_NAMES],
        clsid=found[0].clsid,
        macros=any(one.name.lower() == "_vba_project" for one in found),
        encrypted=closed,
        **{key: about.get(key) for key in _ABOUT},
    )


def encryption(made: Container, found: list[Entry], format: str) -> str | None:
    """What closes the document, where its format says so itself."""
    heads = {one.name: one for one in found if len(one.path) == 1 and one.runs}
    if format == "officecrypt":
        info = heads.get("EncryptionInfo")
        version = read(made.view, info.runs, 4) if info is not None else b""
        numbers = f" {version[0]}.{version[2]}" if len(version) == 4 else ""
        return f"Office document (version{numbers})"
    if format == "doc" and "WordDocument" in heads:
        head = read(made.view, heads["WordDocument"].runs, 32)
        return "Word document" if len(head) == 32 and head[11] & 1 else None
    if format == "ppt" and "Current User" in heads:
        token = read(made.view, heads["Current User"].runs, 16)[12:16]
        return "presentation" if token == ENCRYPTED_SHOW else None
    book = heads.get("Workbook") or heads.get("Book")
    if format == "xls" and book is not None:
        data = read(made.view, book.runs, 512)
        at = 0
        while at + 4 <= len(data):
            if data[at : at + 2] == FILE_PASS:
                return "workbook"
            at += 4 + int.from_bytes(data[at + 2 : at + 4], "little")
    return None
