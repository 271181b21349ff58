"""Windows metafiles: a header of 18 bytes, before it one of 22 in placeable ones, and records to the one that ends
them; little-endian. MS-WMF. The drawing is not looked into.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

PLACEABLE = b"\xd7\xcd\xc6\x9a"
PLACEABLE_HEADER, HEADER = 22, 18
ESCAPE, COMMENT, SET_ABORT = 0x0626, 15, 9
MOST = 1 << 20  # records
CEILING = 1 << 29  # words


@frozen
class WMFImage:
    """A drawing; the finding spans it up to the last record that is there."""

    tag: ClassVar[str] = "wmf_image"
    placeable: bool
    version: int
    records: int
    objects: int
    stated: int  # bytes without the placeable header


class WMF:
    """Finds Windows metafiles anywhere."""

    name = "wmf"
    version = 1
    wakes_on = (
        Anchor(rb"\xd7\xcd\xc6\x9a\x00\x00"),
        Anchor(
            rb"[\x01\x02]\x00\x09\x00\x00[\x01\x03][\x00-\xff]{3}[\x00-\x3f][\x00-\xff]{2}[\x00-\xff]{3}[\x00-\x3f]\x00\x00"
        ),
    )

    def score(self, view: View, /) -> int:
        """A first record, and no placeable header before a bare one."""
        start = PLACEABLE_HEADER if view.read(0, 4) == PLACEABLE else 0
        if not start and view.offset >= PLACEABLE_HEADER and view.sub(-PLACEABLE_HEADER).read(0, 4) == PLACEABLE:
            return 0
        head = view.read(start, HEADER + 6)
        return int(
            len(head) == HEADER + 6 and head[2] == 9 and 3 <= int.from_bytes(head[HEADER:-2], "little") < CEILING
        )

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found, start = hit.view, Found("wmf"), 0
        if view.read(0, 4) == PLACEABLE:
            start = PLACEABLE_HEADER
            words = view.exact(0, PLACEABLE_HEADER)
            total = 0
            for at in range(0, 20, 2):
                total ^= int.from_bytes(words[at : at + 2], "little")
            if total != int.from_bytes(words[20:], "little"):
                found.anomaly(20, 2, "wmf_checksum_wrong", f"stored {words[20:].hex()}, computed {total:04x}")
        head = view.exact(start, HEADER)
        version, stated = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:10], "little")
        if head[0] not in (1, 2) or head[2:4] != b"\x09\0" or version not in (0x100, 0x300):
            raise Malformed(hit.offset + start, "the header of a metafile")
        at, count, ended = start + HEADER, 0, False
        for _ in range(MOST):
            record = view.read(at, 10)
            view.step()
            size, function = 2 * int.from_bytes(record[:4], "little"), int.from_bytes(record[4:6], "little")
            if len(record) < 6 or not 6 <= size < CEILING or not view.holds(at + size - 1):
                break
            count += 1
            if function == ESCAPE:
                kind = int.from_bytes(record[6:8], "little")
                if kind == SET_ABORT:
                    found.anomaly(at, size, "wmf_abort_procedure", "an escape sets a procedure of the file's own")
                if kind == COMMENT:
                    found.room(at + 10, size - 10, "comment")
            at += size
            ended = function == 0
            if ended:
                break
        if not count:
            raise Malformed(hit.offset + at, "a record")
        objects = int.from_bytes(head[10:12], "little")
        yield hit.finding(0, at, WMFImage(bool(start), version, count, objects, 2 * stated))
        if not ended or count < 2:
            return
        if at - start != 2 * stated:
            found.anomaly(start + 6, 4, "wmf_size_wrong", f"{2 * stated} bytes stated, {at - start} of records")
        yield Extent(0, at, "wmf", f"{count} records lead to the last")
        yield from found.said(hit)
