"""Windows shortcuts: a header, a list of shell items, a description of the volume, texts, and blocks of extra data.

[MS-SHLLINK], https://learn.microsoft.com/openspecs/windows_protocols/ms-shllink. Property stores and most kinds of
shell items are not parsed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from rorqual.sdk import Anchor, Anomaly, Extent, Hit, Malformed, Room, Said, View, frozen

HEADER = 76
HAS_IDS, HAS_INFO, UNICODE, NO_INFO = 1, 2, 0x80, 0x100
TEXTS = (("name", 4), ("relative_path", 8), ("working_dir", 0x10), ("arguments", 0x20), ("icon", 0x40))  # in this order
LONGEST = 1024  # characters of a text in the record
EXTRA = 16 << 20  # bytes of a block, the largest that is believed
BLOCKS = 64
ENVIRONMENT, TRACKER, ICON = 0xA0000001, 0xA0000003, 0xA0000007
KNOWN = range(0xA0000001, 0xA000000D)
VISIBLE_ARGUMENTS = 260  # characters that the dialogue of properties shows
SHOWS = {1: "normal", 3: "maximised", 7: "minimised"}
DRIVES = ("unknown", "no root", "removable", "fixed", "remote", "CD-ROM", "RAM disk")


@frozen
class ShellLink:
    """A shortcut. The finding spans it to the end of its extra data."""

    tag: ClassVar[str] = "shell_link"
    target: str | None  # a path, from whichever part has one
    arguments: str | None
    arguments_length: int  # characters
    name: str | None
    relative_path: str | None
    working_dir: str | None
    icon: str | None
    shows: str
    hot_key: int
    target_size: int
    target_attributes: int
    created: str | None
    accessed: str | None
    written: str | None
    drive: str | None
    drive_serial: str | None
    volume: str | None
    machine: str | None
    mac: str | None  # address of the machine's network card, from an identifier
    extra: tuple[str, ...]  # signatures of the blocks


class Lnk:
    """Finds shortcuts anywhere."""

    name = "lnk"
    version = 1
    wakes_on = (Anchor(rb"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F"),)

    def score(self, view: View, /) -> int:
        """Reserved fields of the header are zeros."""
        return int(view.read(66, 10) == bytes(10))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        facts: dict[str, str] = {}
        try:
            at, length = _parts(view, _int(head, 20), facts)
        except Malformed as broken:
            if not facts:
                raise
            yield hit.finding(0, broken.offset - hit.offset, _record(head, facts, 0, []))
            return
        blocks, strange, end = _blocks(view, at, facts)
        yield hit.finding(0, end, _record(head, facts, length, blocks))
        yield Extent(
            0, end, "lnk", f"header, {len(blocks)} block{'s' * (len(blocks) != 1)} of extra data, and their end"
        )
        for place, size in strange:
            yield hit.finding(place, size, Room("lnk", "private"))
        if length > VISIBLE_ARGUMENTS:
            text = facts["arguments"]
            shown = f"{length} characters, {len(text) - len(text.lstrip())} of white space first"
            yield hit.finding(0, end, Anomaly("arguments_hidden", shown, ("T1027", "T1204.002")))
        if hit.offset == 0 and view.holds(end):
            size = view.within(end, 1 << 62)
            yield hit.finding(end, size, Anomaly("appended_data", f"{size} bytes behind the end", ("T1027.009",)))


def _parts(view: View, flags: int, facts: dict[str, str]) -> tuple[int, int]:
    """Takes what lies between the header and the extra data; where that begins, and the length of the arguments."""
    at = HEADER
    if flags & HAS_IDS:
        size = int.from_bytes(view.exact(at, 2), "little")
        facts |= _items(view.exact(at + 2, size), view.offset + at)
        at += 2 + size
    if flags & HAS_INFO and not flags & NO_INFO:
        size = int.from_bytes(view.exact(at, 4), "little")
        if not 28 <= size <= EXTRA:
            raise Malformed(view.offset + at, "a description of the volume")
        facts |= _volume(view.exact(at, size))
        at += size
    length = 0
    for key, flag in TEXTS:
        if flags & flag:
            count = int.from_bytes(view.exact(at, 2), "little")
            raw = view.exact(at + 2, count << bool(flags & UNICODE))
            facts[key] = raw.decode("utf-16-le" if flags & UNICODE else "cp1252", "replace")
            length = count if key == "arguments" else length
            at += 2 + len(raw)
    return at, length


def _blocks(view: View, at: int, facts: dict[str, str]) -> tuple[list[str], list[tuple[int, int]], int]:
    """Signatures of the extra blocks, places of those nobody knows, and where all ends."""
    made: list[str] = []
    strange: list[tuple[int, int]] = []
    while len(made) < BLOCKS:
        raw = view.read(at, 8)
        size = _int(raw, 0)
        if len(raw) < 4 or size < 4:
            return made, strange, at + min(4, len(raw))
        signature = _int(raw, 4)
        if size < 8 or size > EXTRA or view.within(at, size) < size:
            raise Malformed(view.offset + at, "a block of extra data")
        made.append(f"{signature:08x}")
        if signature not in KNOWN:
            strange.append((at + 8, size - 8))
        elif signature == TRACKER and size >= 0x60:
            data = view.read(at, 0x60)
            facts["machine"] = data[16:32].split(b"\0")[0].decode("latin-1")
            if data[55] >> 4 == 1:  # an identifier of version 1 ends with an address
                facts["mac"] = data[58:64].hex(":")
        elif signature in (ENVIRONMENT, ICON):
            key = "environment" if signature == ENVIRONMENT else "icon_path"
            wide = view.read(at + 268, 520).decode("utf-16-le", "replace").split("\0")[0]
            facts[key] = wide or view.read(at + 8, 260).split(b"\0")[0].decode("cp1252", "replace")
        at += size
    raise Malformed(view.offset + at, f"at most {BLOCKS} blocks of extra data")


def _items(data: bytes, offset: int) -> dict[str, str]:
    """A path of what shell items say plainly: drives and short names of files."""
    at = 0
    names: list[str] = []
    while at + 2 <= len(data):
        size = int.from_bytes(data[at : at + 2], "little")
        if size == 0:
            return {"items": "\\".join(name.rstrip("\\") for name in names)} if names else {}
        if size < 3 or at + size > len(data):
            raise Malformed(offset + at, "a shell item")
        item, kind = data[at : at + size], data[at + 2]
        if kind & 0x70 == 0x20:
            names.append(item[3:].split(b"\0")[0].decode("cp1252", "replace"))
        elif kind & 0x70 == 0x30 and size > 14:
            wide = kind & 4
            raw = item[14:]
            names.append(raw.decode("utf-16-le", "replace").split("\0")[0] if wide else _short(raw))
        at += size
    raise Malformed(offset + at, "the end of the list of shell items")


def _short(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode("cp1252", "replace")


def _volume(data: bytes) -> dict[str, str]:
    """LinkInfo (2.3): the volume, and paths on it."""
    made: dict[str, str] = {}
    flags = _int(data, 8)
    if flags & 1:
        volume, path = _int(data, 12), _int(data, 16)
        kind = _int(data, volume + 4)
        made["drive"] = DRIVES[kind] if kind < len(DRIVES) else str(kind)
        made["serial"] = f"{_int(data, volume + 8):08x}"
        label = _int(data, volume + 12)
        if label >= 16:
            made["volume"] = _short(data[volume + label :][:64])
        made["path"] = _short(data[path:][:1040]) + _short(data[_int(data, 24) :][:1040])
        if _int(data, 4) >= 0x24 and 0 < _int(data, 28) < len(data):
            made["path"] = data[_int(data, 28) :][:2080].decode("utf-16-le", "replace").split("\0")[0]
    if flags & 2:
        net = _int(data, 20)
        share = _short(data[net + _int(data, net + 8) :][:1040])
        made["path"] = share + "\\" + _short(data[_int(data, 24) :][:1040])
    return made


def _record(head: bytes, facts: dict[str, str], length: int, blocks: list[str]) -> ShellLink:
    times = [_time(head, at) for at in (28, 36, 44)]
    cut = {key: value[:LONGEST] for key, value in facts.items()}
    return ShellLink(
        target=cut.get("path") or cut.get("environment") or cut.get("items"),
        arguments=cut.get("arguments"),
        arguments_length=length,
        name=cut.get("name"),
        relative_path=cut.get("relative_path"),
        working_dir=cut.get("working_dir"),
        icon=cut.get("icon") or cut.get("icon_path"),
        shows=SHOWS.get(_int(head, 60), "normal"),
        hot_key=int.from_bytes(head[64:66], "little"),
        target_size=_int(head, 52),
        target_attributes=_int(head, 24),
        created=times[0],
        accessed=times[1],
        written=times[2],
        drive=cut.get("drive"),
        drive_serial=cut.get("serial"),
        volume=cut.get("volume"),
        machine=cut.get("machine"),
        mac=cut.get("mac"),
        extra=tuple(blocks),
    )


def _time(head: bytes, at: int) -> str | None:
    ticks = int.from_bytes(head[at : at + 8], "little")
    if not 0 < ticks < 1 << 60:
        return None
    return (datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _int(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little") if 0 <= at <= len(data) - 4 else 0
