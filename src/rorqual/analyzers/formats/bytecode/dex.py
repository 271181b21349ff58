"""Dalvik executables: "dex\\n", a version; a header with Adler-32, SHA-1 and size; tables; a map of all parts.

https://source.android.com/docs/core/runtime/dex-format. Up to 1 MiB the Adler-32 proves a file, above it the map; the
SHA-1 is compared while the source is read. Bytecode is not read. Of a container of several (version 041) each is told.
"""

import zlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.bytecode import DEX
from rorqual.analyzers.formats.bytecode.dex_file import HEADER, Header, class_names, header, map_agrees
from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Anomaly, Extent, Finding, Hit, Malformed, RangeDigest, Room, Said, View, frozen

SUMMED_MOST = 1 << 20  # bytes whose Adler-32 is computed
SIGNED_FROM = 32  # the SHA-1 covers what follows it
CLASSES_TOLD = 32


@frozen
class DexFile:
    """A Dalvik executable. The finding has the size that its header gives, as far as it is there."""

    tag: ClassVar[str] = "dex_file"
    version: str
    file_size: int
    strings: int
    types: int
    fields: int
    methods: int
    classes: int
    class_names: tuple[str, ...]  # descriptors of the first 32
    checksum_holds: bool | None  # Adler-32; None: not computed
    signature: str  # SHA-1 as stored
    sha1: str | None = None  # of what it covers


class Dex:
    """Finds dex files anywhere."""

    name = "dex"
    version = 1
    wakes_on = DEX

    def score(self, view: View, /) -> int:
        """The order of bytes, and a header's size."""
        return int(view.read(40, 4) == b"\x78\x56\x34\x12" and view.read(36, 1) >= b"\x70")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        found = header(view)
        version = printable(view.exact(4, 3))
        size = found.file_size
        present = view.within(0, size)
        contained = found.header_size > HEADER  # offsets count from the container's start
        if present < size:
            yield hit.finding(0, present, _body(version, found, (), None))
            return
        sums = _adler(view, size) == found.checksum if size <= SUMMED_MOST else None
        mapped = not contained and map_agrees(view, found)
        if not sums and not mapped:
            raise Malformed(hit.offset + 8, "a checksum or a map that agrees")
        names = () if contained else tuple(printable(name) for name in class_names(view, found, CLASSES_TOLD))

        def compare(filled: Finding) -> Iterator[Finding]:
            yield filled
            assert isinstance(filled.body, DexFile)
            if filled.body.sha1 != filled.body.signature:
                proof = f"stored {filled.body.signature}, computed {filled.body.sha1}"
                yield hit.finding(12, 20, Anomaly("dex_signature_wrong", proof))

        body = _body(version, found, names, sums)
        ranges = ((hit.offset + SIGNED_FROM, size - SIGNED_FROM),)
        yield RangeDigest(hit.finding(0, size, body), ranges, ("sha1",), then=compare)
        if sums is False:
            yield hit.finding(8, 4, Anomaly("dex_checksum_wrong", f"stored {found.checksum:#010x}"))
        yield Extent(0, size, "dex", "Adler-32 holds" if sums else "header and map agree")
        if found.link_size and told(view, found.link_at, min(found.link_size, size - found.link_at)):
            yield hit.finding(found.link_at, min(found.link_size, size - found.link_at), Room("dex", "private"))


def _adler(view: View, size: int) -> int:
    return zlib.adler32(view.exact(12, size - 12))


def _body(version: str, found: Header, names: tuple[str, ...], sums: bool | None) -> DexFile:
    return DexFile(
        version=version,
        file_size=found.file_size,
        strings=found.strings[0],
        types=found.types[0],
        fields=found.fields[0],
        methods=found.methods[0],
        classes=found.classes[0],
        class_names=names,
        checksum_holds=sums,
        signature=found.signature.hex(),
    )
