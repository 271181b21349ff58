"""LUKS volumes: "LUKS\\xba\\xbe", version 1 with eight key slots, or 2 with JSON and a checksum; then what is
encrypted.

https://gitlab.com/cryptsetup/cryptsetup/-/wikis/Specification. How long a volume is nobody tells: it reaches to the end
of its device, so that a claim is made only of what a source begins with. Passwords are not tried: a key costs seconds.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, ClassVar

from rorqual.sdk import Anchor, Closed, Extent, Hit, Malformed, Said, View, frozen

SECTOR = 512
HEADER_1, HEADER_2 = 592, 4096
ACTIVE, DISABLED = b"\x00\xac\x71\xf3", b"\x00\x00\xde\xad"
SLOTS = range(208, 592, 48)
LARGEST_JSON = 4 << 20
ENDLESS = 1 << 60


@frozen
class LUKSVolume:
    """A volume; the finding has its header."""

    tag: ClassVar[str] = "luks_volume"
    version: int
    uuid: str
    label: str
    cipher: str
    hash: str
    slots: int  # keys in use
    payload: int  # where what is encrypted begins, in bytes


class LUKS:
    """Finds headers anywhere."""

    name = "luks"
    version = 1
    wakes_on = (Anchor(rb"LUKS\xba\xbe\x00[\x01-\x02]"),)

    def score(self, view: View, /) -> int:
        """Eight slots that are active or not, or a header's size."""
        if view.read(6, 2) == b"\0\1":
            return int(all(view.read(at, 4) in (ACTIVE, DISABLED) for at in SLOTS))
        return int(1 << 14 <= int.from_bytes(view.read(8, 8), "big") <= LARGEST_JSON)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        body = _first(view) if view.exact(6, 2) == b"\0\1" else _second(view)
        yield hit.finding(0, HEADER_1 if body.version == 1 else HEADER_2, body)
        size = view.within(body.payload, ENDLESS)
        if size:
            yield Closed(body.payload, size, "encrypted volume (LUKS)")
        if size and not hit.offset:
            proof = "key slots are sound" if body.version == 1 else "the header's SHA-256 holds"
            yield Extent(0, body.payload + size, "luks", proof)


def _text(data: bytes) -> str:
    return data.split(b"\0")[0].decode("latin-1")


def _first(view: View) -> LUKSVolume:
    head = view.exact(0, HEADER_1)
    if any(head[at : at + 4] not in (ACTIVE, DISABLED) for at in SLOTS):
        raise Malformed(view.offset + SLOTS[0], "key slots that are active or not")
    slots = sum(head[at : at + 4] == ACTIVE for at in SLOTS)
    payload = int.from_bytes(head[104:108], "big") * SECTOR
    cipher = f"{_text(head[8:40])}-{_text(head[40:72])}"
    return LUKSVolume(1, _text(head[168:208]), "", cipher, _text(head[72:104]), slots, payload)


def _second(view: View) -> LUKSVolume:
    head = view.exact(0, HEADER_2)
    size = int.from_bytes(head[8:16], "big")
    if not HEADER_2 < size <= LARGEST_JSON or _text(head[72:104]) != "sha256":
        raise Malformed(view.offset + 8, "a header's size, and SHA-256")
    area = view.exact(HEADER_2, size - HEADER_2)
    if hashlib.sha256(head[:448] + bytes(64) + head[512:] + area).digest() != head[448:480]:
        raise Malformed(view.offset + 448, "the SHA-256 of the header")
    try:
        told: Any = json.loads(area.split(b"\0")[0])
        segment = next(iter(told["segments"].values()))
        payload, cipher, slots = int(segment["offset"]), str(segment["encryption"])[:64], len(told["keyslots"])
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration, RecursionError) as error:
        raise Malformed(view.offset + HEADER_2, "segments and key slots in JSON") from error
    if not 0 < payload < ENDLESS:
        raise Malformed(view.offset + HEADER_2, "a segment's place")
    return LUKSVolume(2, _text(head[168:208]), _text(head[24:72]), cipher, "", slots, payload)
