"""Packet captures of the next generation: blocks, each with its type first and its length first and last.

https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html. A section begins with a block that tells the order of
bytes; a file may have several. Packets are counted, comments and what programs keep for themselves are room.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.stores import PCAPNG
from rorqual.analyzers.formats.stores.link_types import link_type
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Anomaly, Extent, Hit, Malformed, Room, Said, View, frozen

SECTION, INTERFACE, PACKET, SIMPLE, NAMES, STATISTICS, ENHANCED = 0x0A0D0D0A, 1, 2, 3, 4, 5, 6
SECRETS, CUSTOM, CUSTOM_LOCAL = 0x0A, 0x0BAD, 0x40000BAD
OPTIONS_AT = {SECTION: 24, INTERFACE: 16, STATISTICS: 20}  # bytes of a block before its options
KNOWN = {SECTION, INTERFACE, PACKET, SIMPLE, NAMES, STATISTICS, ENHANCED, SECRETS, 9}
COMMENT, HARDWARE, SYSTEM, APPLICATION = 1, 2, 3, 4
ORDERS: tuple[Literal["big"], Literal["little"]] = ("big", "little")
LEAST = 12
BLOCK_MOST = 16 << 20
BLOCKS_MOST = 1 << 20
OPTIONS_MOST = 64
ROOMS_MOST = 64
TEXT_MOST = 512


@frozen
class PacketCaptureNG:
    """A capture. The finding spans its blocks."""

    tag: ClassVar[str] = "packet_capture_ng"
    big_endian: bool  # the first section
    sections: int
    link_types: tuple[str, ...]  # of the interfaces, the first 16
    packets: int
    blocks: int
    hardware: str | None
    system: str | None
    application: str | None
    comments: tuple[str, ...]  # the first 16
    has_secrets: bool  # keys to what was captured
    custom_blocks: int
    more: bool  # than were walked


@dataclass(slots=True)
class _Seen:
    """What the walk has met."""

    sections: int = 0
    packets: int = 0
    blocks: int = 0
    custom: int = 0
    secrets: bool = False
    links: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    rooms: list[tuple[int, int, str]] = field(default_factory=list)


class Pcapng:
    """Finds captures anywhere."""

    name = "pcapng"
    version = 1
    wakes_on = PCAPNG

    def score(self, view: View, /) -> int:
        """The length at the block's end is the one at its start."""
        order = _order(view)
        size = int.from_bytes(view.read(4, 4), order)
        return int(28 <= size <= 65_536 and not size & 3 and view.read(size - 4, 4) == view.read(4, 4))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        seen = _Seen()
        order = first = _order(view)
        at, cut = 0, False
        while seen.blocks < BLOCKS_MOST:
            view.step()
            head = view.read(at, LEAST)
            if len(head) < LEAST:
                break
            if head[:4] == b"\n\r\r\n":
                order = _order(view.sub(at))
            kind, size = int.from_bytes(head[:4], order), int.from_bytes(head[4:8], order)
            if not LEAST <= size <= BLOCK_MOST or size & 3:
                break
            last = view.read(at + size - 4, 4)
            if last != head[4:8]:
                cut = seen.blocks > 1 and len(last) < 4 and kind in KNOWN
                break
            if kind == SECTION and head[8:12] not in (b"\x1a\x2b\x3c\x4d", b"\x4d\x3c\x2b\x1a"):
                break
            seen.blocks += 1
            _note(view, seen, kind, at=at, size=size, order=order)
            at += size
        if not seen.blocks or (seen.sections and _goes_on(view)):
            raise Malformed(hit.offset, "a block that begins a capture")
        body = PacketCaptureNG(
            big_endian=first == "big",
            sections=seen.sections,
            link_types=tuple(seen.links),
            packets=seen.packets,
            blocks=seen.blocks,
            hardware=seen.texts.get(HARDWARE),
            system=seen.texts.get(SYSTEM),
            application=seen.texts.get(APPLICATION),
            comments=tuple(seen.comments),
            has_secrets=seen.secrets,
            custom_blocks=seen.custom,
            more=seen.blocks == BLOCKS_MOST,
        )
        end = view.within(0, at + BLOCK_MOST) if cut else at
        yield hit.finding(0, end, body)
        proof = "each block is as long as it says first and last" + ("; one more is cut" if cut else "")
        yield Extent(0, end, "pcapng", proof)
        if cut:
            yield hit.finding(at, end - at, Anomaly("capture_cut", f"a block at {at:#x} goes on behind the end"))
        for start, size, use in seen.rooms:
            if told(view, start, size):
                yield hit.finding(start, size, Room("pcapng", use))


def _goes_on(view: View) -> bool:
    """Whether blocks lead back from here to a section's start: then this is a later section of that capture."""
    at = 0
    for _ in range(BLOCKS_MOST):
        view.step()
        before = view.sub(at - 4) if view.offset + at >= LEAST else None
        raw = before.read(0, 4) if before is not None else b""
        for order in ORDERS:
            size = int.from_bytes(raw, order)
            if LEAST <= size <= min(BLOCK_MOST, view.offset + at) and not size & 3:
                head = view.sub(at - size).read(0, 8)
                if head[4:] == raw:
                    break
        else:
            return False
        if head[:4] == b"\n\r\r\n":
            return True
        at -= size
    return True


def _order(view: View) -> Literal["big", "little"]:
    return "big" if view.read(8, 4) == b"\x1a\x2b\x3c\x4d" else "little"


def _note(view: View, seen: _Seen, kind: int, *, at: int, size: int, order: Literal["big", "little"]) -> None:
    if kind == SECTION:
        seen.sections += 1
    elif kind in (PACKET, SIMPLE, ENHANCED):
        seen.packets += 1
    elif kind == INTERFACE and len(seen.links) < 16:
        seen.links.append(link_type(int.from_bytes(view.read(at + 8, 2), order)))
    seen.secrets |= kind == SECRETS
    if kind in (CUSTOM, CUSTOM_LOCAL) or kind not in KNOWN:
        seen.custom += 1
        lead = LEAST if kind in (CUSTOM, CUSTOM_LOCAL) else 8
        _room(seen, at + lead, size - lead - 4, "private")
    start = OPTIONS_AT.get(kind)
    if kind in (ENHANCED, PACKET) and size > 36:
        captured = int.from_bytes(view.read(at + 20, 4), order)
        start = 28 + (captured + 3 & ~3)
    if start is not None and start < size - 8:
        _options(view, seen, at=at + start, end=at + size - 4, order=order, section=kind == SECTION)


def _options(view: View, seen: _Seen, *, at: int, end: int, order: Literal["big", "little"], section: bool) -> None:
    for _ in range(OPTIONS_MOST):
        view.step()
        head = view.read(at, 4)
        code, size = int.from_bytes(head[:2], order), int.from_bytes(head[2:], order)
        if at + 4 + size > end or len(head) < 4:
            return
        if code == 0:
            _room(seen, at + 4, end - at - 4, "slack")
            return
        if code == COMMENT:
            _room(seen, at + 4, size, "comment")
            if len(seen.comments) < 16:
                seen.comments.append(_text(view, at + 4, size))
        elif code in (2988, 2989, 19372, 19373) or code & 0x8000:
            _room(seen, at + 4, size, "private")
        elif section and code in (HARDWARE, SYSTEM, APPLICATION):
            seen.texts.setdefault(code, _text(view, at + 4, size))
        at += 4 + (size + 3 & ~3)


def _room(seen: _Seen, at: int, size: int, use: str) -> None:
    if size >= 8 and len(seen.rooms) < ROOMS_MOST:
        seen.rooms.append((at, size, use))


def _text(view: View, at: int, size: int) -> str:
    raw = view.read(at, min(size, TEXT_MOST))
    text = raw.decode("utf-8", "replace")
    return text if text.isprintable() else printable(raw)
