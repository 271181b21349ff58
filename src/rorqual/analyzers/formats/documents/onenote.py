"""OneNote sections and tables of contents: a header of 1 KiB, lists of nodes, files in objects of their own.

[MS-ONESTORE], https://learn.microsoft.com/openspecs/office_file_formats/ms-onestore. Pages and their texts are not
parsed, so embedded files have no names; files as services store them ([MS-FSSHTTPB]) have no lists of nodes.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.sdk import Anchor, Anomaly, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

HEADER = 1024
SECTION = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3")
CONTENTS = bytes.fromhex("a12fff43d9ef764c9ee210ea5722765f")
FORMAT = bytes.fromhex("3fdd9a101b91f549a5d01791edc8aed8")
NODES = bytes.fromhex("c4f4f7f5b17a56a4")  # begins a fragment of a list of nodes
FILE = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
FILE_END = bytes.fromhex("22a7fb71790f0b4abb13899256426b24")
FILE_HEAD = 36
MOST_FILE = 1 << 40
ROOT, LENGTH = 172, 196  # places in the header
KINDS = {SECTION: "section", CONTENTS: "table of contents"}


@frozen
class OneNoteFile:
    """A section or a table of contents; the finding has the size that its header gives."""

    tag: ClassVar[str] = "onenote_file"
    kind: str
    length: int  # bytes, as stored
    present: int


@frozen
class OneNoteEmbedded:
    """An embedded file, with what is around it."""

    tag: ClassVar[str] = "onenote_embedded"
    length: int  # bytes, as stored
    ends: bool  # with the mark that should be there


class OneNote:
    """Finds sections anywhere, and embedded files anywhere, even without the section around them."""

    name = "one"
    version = 1
    wakes_on = (
        Anchor(rb"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3"),
        Anchor(rb"\xa1\x2f\xff\x43\xd9\xef\x76\x4c\x9e\xe2\x10\xea\x57\x22\x76\x5f"),
        Anchor(rb"\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac"),
    )

    def score(self, view: View, /) -> int:
        """The identifier of the format; of an embedded file, a size with a few zeros."""
        head = view.read(0, 64)
        return int(head[48:64] == FORMAT or (head.startswith(FILE) and head[21:24] == bytes(3)))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        head = hit.view.exact(0, FILE_HEAD)
        if head.startswith(FILE):
            yield from _embedded(hit, int.from_bytes(head[16:24], "little"))
            return
        head = hit.view.exact(0, HEADER)
        length = int.from_bytes(head[LENGTH : LENGTH + 8], "little")
        root = int.from_bytes(head[ROOT : ROOT + 8], "little")
        if length < HEADER or not HEADER <= root < length:
            raise Malformed(hit.offset + LENGTH, "a length, and a list of nodes within")
        if hit.view.read(root, 8) != NODES:
            raise Malformed(hit.offset + root, "a list of nodes")
        present = hit.view.within(0, length)
        yield hit.finding(0, present, OneNoteFile(KINDS[head[:16]], length, present))
        if present == length:
            yield Extent(0, length, "one", "header, its length, and the list of nodes it leads to")


def _embedded(hit: Hit, length: int) -> Iterator[Said]:
    """FileDataStoreObject (2.6.13): size, data, padding to eight bytes, and a mark."""
    if not 0 < length <= MOST_FILE:
        raise Malformed(hit.offset + 16, "the size of a file")
    present = hit.view.within(FILE_HEAD, length)
    end = FILE_HEAD + length
    ends = any(hit.view.read(end + pad, 16) == FILE_END for pad in range(8))
    if not ends and present == length and hit.view.read(20, 16) != bytes(16):
        raise Malformed(hit.offset + end, "the end of a file")
    yield hit.finding(0, FILE_HEAD + present, OneNoteEmbedded(length, ends))
    if present < length:
        yield hit.finding(16, 8, Anomaly("embedded_file_cut", f"says {length} bytes, {present} are there"))
    if present:
        yield Region(FILE_HEAD, present, "onenote-file", Codec("onenote-file", None))
