"""ROMs of Nintendo's Game Boy and Sega's Mega Drive, which say how long they are, and of the Game Boy Advance, which do
not: such a one is told of and claims nothing.

https://gbdev.io/pandocs/The_Cartridge_Header.html, https://plutiedev.com/rom-header and
https://problemkaputt.de/gbatek.htm (GBA cartridge header).
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.bytecode import GAMEBOY, GBA, MEGADRIVE
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Extent, Hit, Malformed, Said, View, frozen

SUMMED_MOST = 1 << 20
GB_HEADER, GB_LEAST, GB_SHIFT_MOST = 0x134, 32 << 10, 8
GBA_HEADER = 192
MD_HEADER, MD_SIZE_MOST = 0x200, 16 << 20


@frozen
class ConsoleRom:
    """A cartridge's ROM. The finding has the size that the header gives, or spans the header."""

    tag: ClassVar[str] = "console_rom"
    console: str
    title: str
    code: str | None  # of the game or the cartridge
    size: int | None
    checksum_holds: bool | None  # over the whole; None: not computed


class GameBoy:
    """Finds Game Boy ROMs anywhere."""

    name = "gb"
    version = 1
    wakes_on = GAMEBOY

    def score(self, view: View, /) -> int:
        """The checksum of the header: 8 bits behind the 384 of the logo."""
        head = view.read(GB_HEADER, 26)
        return int(len(head) == 26 and sum(-byte - 1 for byte in head[:25]) & 0xFF == head[25])

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(GB_HEADER, 28)
        shift = head[0x148 - GB_HEADER]
        if shift > GB_SHIFT_MOST:
            raise Malformed(hit.offset + 0x148, "a size of a ROM")
        size = GB_LEAST << shift
        present = view.within(0, size)
        sums = None
        if present == size <= SUMMED_MOST:
            data = view.exact(0, size)
            sums = sum(data) - head[26] - head[27] & 0xFFFF == int.from_bytes(head[26:28], "big")
        color = head[0x143 - GB_HEADER]
        title = head[: 15 if color & 0x80 else 16].partition(b"\0")[0]
        console = "Game Boy Color" if color & 0x80 else "Game Boy"
        yield hit.finding(0, present, ConsoleRom(console, printable(title), None, size, sums))
        if present == size:
            yield Extent(0, size, "gb", f"logo and checksum of the header{', checksum of the whole' if sums else ''}")


class GameBoyAdvance:
    """Finds Game Boy Advance ROMs anywhere; nothing says where they end."""

    name = "gba"
    version = 1
    wakes_on = GBA

    def score(self, view: View, /) -> int:
        """The header's checksum, and the byte that never changes."""
        head = view.read(0xA0, 30)
        return int(len(head) == 30 and head[0x12] == 0x96 and (-0x19 - sum(head[:29])) & 0xFF == head[29])

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        head = hit.view.exact(0xA0, 30)
        title, code = printable(head[:12].partition(b"\0")[0]), printable(head[12:18].partition(b"\0")[0])
        yield hit.finding(0, GBA_HEADER, ConsoleRom("Game Boy Advance", title, code, None, None))


class MegaDrive:
    """Finds Mega Drive ROMs anywhere."""

    name = "megadrive"
    version = 1
    wakes_on = MEGADRIVE

    def score(self, view: View, /) -> int:
        """The ROM begins at address 0, and ends behind its header."""
        start, end = _span(view)
        return int(start == 0 and MD_HEADER <= end < MD_SIZE_MOST)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0x100, 0x100)
        start, end = _span(view)
        size = end + 1
        entry = int.from_bytes(view.exact(4, 4), "big")
        if start or size <= MD_HEADER or size > MD_SIZE_MOST or not MD_HEADER <= entry < size or entry & 1:
            raise Malformed(hit.offset + 0x1A0, "a ROM whose programs start in it")
        present = view.within(0, size)
        sums = None
        if present == size <= SUMMED_MOST:
            data = view.exact(MD_HEADER, (size - MD_HEADER) & ~1)
            sums = sum(struct.unpack(f">{len(data) // 2}H", data)) & 0xFFFF == int.from_bytes(head[0x8E:0x90], "big")
        title = printable(head[0x50:0x80].strip(b" \0")) or printable(head[0x20:0x50].strip(b" \0"))
        code = printable(head[0x80:0x8E].strip(b" \0"))
        yield hit.finding(0, present, ConsoleRom("Mega Drive", title, code, size, sums))
        if present == size:
            yield Extent(0, size, "megadrive", "checksum holds" if sums else "header, size and where programs start")


def _span(view: View) -> tuple[int, int]:
    pair = view.read(0x1A0, 8)
    return int.from_bytes(pair[:4], "big"), int.from_bytes(pair[4:], "big") if len(pair) == 8 else 0
