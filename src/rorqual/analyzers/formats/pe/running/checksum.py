"""The header's checksum, against the one that its bytes add up to.

It is the sum of all little-endian 16-bit words of the file but those of the field itself, with carries added back in
until 16 bits are left, plus the size of the file. Windows asks for it in drivers and in what boots with the system;
most linkers leave 0, and nobody minds then.
https://learn.microsoft.com/windows/win32/debug/pe-format#optional-header-windows-specific-fields-image-only
"""

import dataclasses
from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.headers import likelihood, read_headers
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Malformed, RangeDigest, Said, TailDigest, View, frozen

_END = Kind("end")
_FIELDS = ("sum16",)  # asked for with just these, what was foretold is not summed again
_FIELD_AT = 64  # in the optional header of either kind


@frozen
class PEChecksum:
    """The checksum; the finding spans the field. An image within something bigger is summed as far as its headers
    account for it, so that one with an overlay does not match there."""

    tag: ClassVar[str] = "pe_checksum"
    stored: int  # 0: not set
    summed: int  # bytes
    computed: int | None = None
    matches: bool | None = None  # None: not set, or not summed
    sum16: int | None = None  # of all words as they are, the field's own among them


class PEHeaderChecksum:
    """Checks the checksum of an image."""

    name = "pe-checksum"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"), _END)

    def score(self, view: View, /) -> int:
        """Kinds need none."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """At the start of a source a sum to its end is foretold, and asked for there; elsewhere it is asked for."""
        if hit.trigger == _END:
            view = hit.view.sub(-hit.offset)
            if likelihood(view):
                yield from _asked(hit, -hit.offset, read_headers(view).optional_at, hit.offset)
            return
        layout = hit.context
        if not isinstance(layout, Layout):
            raise Malformed(hit.offset, "a PE's layout")
        if layout.headers.optional.magic == names.ROM:
            return
        if hit.offset == 0:
            yield TailDigest(0, _FIELDS)
        else:
            yield from _asked(hit, 0, layout.headers.optional_at, layout.claimed_end)


def _asked(hit: Hit, at: int, optional_at: int, size: int) -> Iterator[Said]:
    """The sum over `size` bytes of the image at `at` of the view."""
    field_at = optional_at + _FIELD_AT
    field = hit.view.sub(at).exact(field_at, 4)
    if field_at + 4 > size:
        return
    body = PEChecksum(int.from_bytes(field, "little"), size)
    then = partial(_judged, field=field, odd=field_at % 2 == 1, whole=at < 0)
    yield RangeDigest(hit.finding(at + field_at, 4, body), ((hit.offset + at, size),), _FIELDS, then)


def _judged(finding: Finding, *, field: bytes, odd: bool, whole: bool) -> Iterator[Finding]:
    body = finding.body
    if not isinstance(body, PEChecksum) or body.sum16 is None:
        yield finding
        return
    own = b"\0" + field + b"\0" if odd else field
    total = body.sum16 - sum(int.from_bytes(own[at : at + 2], "little") for at in range(0, len(own), 2))
    # Adding carries back in is a remainder modulo 0xffff, of which 0 and 0xffff are the same; a sum that is not
    # nothing folds to the latter, but who takes the field out of a folded sum, as Windows does, may get the former.
    folded = (total - 1) % 0xFFFF + 1 if total else 0
    computed = folded + body.summed & 0xFFFF_FFFF
    same = {computed, body.summed} if folded in (0, 0xFFFF) else {computed}
    matches = body.stored in same if body.stored else None
    yield dataclasses.replace(finding, body=dataclasses.replace(body, computed=computed, matches=matches))
    if matches is False and whole:
        proof = f"CheckSum {body.stored:#x}, its {body.summed} bytes add up to {computed:#x}"
        yield dataclasses.replace(finding, body=Anomaly("checksum_wrong", proof))
