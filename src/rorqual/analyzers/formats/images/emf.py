"""Enhanced metafiles: records from a header, with " EMF" at 40, to the one that ends them; little-endian.

MS-EMF and MS-EMFPLUS. The drawing is not looked into.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER = 88
EOF, COMMENT = 14, 70
MOST = 1 << 20  # records
CEILING = 1 << 28
DRAWING = (b"EMF+", b"EMFS")  # comments that some readers draw from


@frozen
class EMFImage:
    """A drawing; the finding spans it up to the last record that is there."""

    tag: ClassVar[str] = "emf_image"
    description: str | None
    records: int
    plus: bool  # it has records of EMF+
    stated: int  # bytes


class EMF:
    """Finds enhanced metafiles anywhere."""

    name = "emf"
    version = 1
    wakes_on = (Anchor(rb"\x20EMF[\x00-\xff]{2}\x01\x00", back=40),)

    def score(self, view: View, /) -> int:
        """The header is a record of type 1 and of its size."""
        head = view.read(0, 8)
        return int(head[:4] == b"\1\0\0\0" and HEADER <= int.from_bytes(head[4:], "little") < 4096)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found, at, count, plus, ended = hit.view, Found("emf"), 0, 0, False, False
        head = view.exact(0, HEADER)
        stated = int.from_bytes(head[48:52], "little")
        length, place = int.from_bytes(head[60:64], "little"), int.from_bytes(head[64:68], "little")
        text = view.read(place, min(2 * length, 400)) if length else b""
        description = latin(text.replace(b"\0\0", b" \0").decode("utf-16-le", "replace").encode("latin-1", "replace"))
        for _ in range(MOST):
            record = view.read(at, 16)
            view.step()
            kind, size = int.from_bytes(record[:4], "little"), int.from_bytes(record[4:8], "little")
            if len(record) < 8 or size < 8 or size % 4 or size > CEILING or not view.holds(at + size - 1):
                break
            count += 1
            if kind == COMMENT:
                if record[12:16] in DRAWING:
                    plus = True
                else:
                    found.room(at + 12, size - 12, "comment")
            at += size
            ended = kind == EOF
            if ended:
                break
        if count < 2:
            raise Malformed(hit.offset + at, "records behind the header")
        yield hit.finding(0, at, EMFImage(description or None, count, plus, stated))
        if not ended:
            return
        if at != stated:
            found.anomaly(48, 4, "emf_size_wrong", f"{stated} bytes stated, {at} of records")
        yield Extent(0, at, "emf", f"{count} records lead to the last")
        yield from found.said(hit)
