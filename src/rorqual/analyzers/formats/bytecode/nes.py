"""ROMs of the Nintendo Entertainment System: "NES", 1a, 16 bytes of header, perhaps a trainer, programs, pictures.

https://www.nesdev.org/wiki/INES and https://www.nesdev.org/wiki/NES_2.0. The sizes in the header give the file's. It is
proven by where its programs start: the last six bytes of a bank are addresses in the upper half of memory. Code and
pictures are not looked at; the ROMs of arcade machines (PlayChoice) are counted where the header names them.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.bytecode import NES
from rorqual.analyzers.formats.reader import told
from rorqual.sdk import Extent, Hit, Malformed, Room, Said, View, frozen

HEADER, TRAINER = 16, 512
PROGRAM, PICTURES = 16 << 10, 8 << 10  # bytes of a bank
PLAYCHOICE = 8 << 10
VECTORS = 6  # bytes at the end of a bank: where it goes on interrupts and at the start
SIZE_MOST = 64 << 20
BANKS_TRIED = 32
BATTERY, TRAINED, FOUR_SCREENS = 2, 4, 8
PAD_MOST = TRAINER  # bytes that may be missing: readers fill the last bank up


@frozen
class NESRom:
    """A ROM. The finding has the size that the header gives, as far as it is there."""

    tag: ClassVar[str] = "nes_rom"
    header: str  # "iNES", "NES 2.0"
    mapper: int
    program_size: int  # bytes
    picture_size: int  # bytes; 0: in memory that can be written
    trainer: bool
    battery: bool
    mirroring: str
    reset: int | None  # address at which it starts, where one was found


class NESProbe:
    """Finds NES ROMs anywhere."""

    name = "nes"
    version = 1
    wakes_on = NES

    def score(self, view: View, /) -> int:
        """There is a bank of programs."""
        head = view.read(4, 6)
        return int(len(head) == 6 and (head[0] > 0 or head[5] & 15 > 0))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        flags, more = head[6], head[7]
        new = more & 0x0C == 0x08
        program, pictures = head[4] * PROGRAM, head[5] * PICTURES
        mapper = flags >> 4
        if new:
            program, pictures = _size(head[4], head[9] & 15, PROGRAM), _size(head[5], head[9] >> 4, PICTURES)
            mapper |= more & 0xF0 | (head[8] & 15) << 8
        elif not any(head[12:]):  # else the upper half of the mapper's number is somebody's signature
            mapper |= more & 0xF0
        trained = bool(flags & TRAINED)
        start = HEADER + TRAINER * trained
        size = start + program + pictures + (PLAYCHOICE if more & 3 == 2 and not new and not any(head[12:]) else 0)
        if not 0 < program < size <= SIZE_MOST:
            raise Malformed(hit.offset + 4, "sizes of ROMs")
        present = view.within(0, size)
        clean = new or not any(head[8:])
        reset = _reset(view, start, program) if present >= start + program else None
        fits = clean and size - present < PAD_MOST and not view.holds(size) and present >= start + program
        if reset is None and not fits:
            raise Malformed(hit.offset + start, "an address at which a program starts")
        body = NESRom(
            header="NES 2.0" if new else "iNES",
            mapper=mapper,
            program_size=program,
            picture_size=pictures,
            trainer=trained,
            battery=bool(flags & BATTERY),
            mirroring="four screens" if flags & FOUR_SCREENS else "vertical" if flags & 1 else "horizontal",
            reset=reset,
        )
        yield hit.finding(0, present, body)
        if present == size or fits:
            proof = "sizes and where its programs start" if reset is not None else "its sizes lead to the source's end"
            yield Extent(0, present, "nes", proof)
        if trained and told(view, HEADER, min(TRAINER, present - HEADER)):
            yield hit.finding(HEADER, min(TRAINER, present - HEADER), Room("nes", "extra"))
        if not new and told(view, 8, 8):
            yield hit.finding(8, 8, Room("nes", "padding"))


def _size(low: int, high: int, bank: int) -> int:
    """Of NES 2.0: a number of banks, or an exponent and a factor."""
    if high < 15:
        return (high << 8 | low) * bank
    return min((1 << (low >> 2)) * (2 * (low & 3) + 1), SIZE_MOST + 1)


def _reset(view: View, start: int, program: int) -> int | None:
    """Where the console starts, told by the last bank or, as some mappers begin with another, by any of the first."""
    last = max(0, program // PROGRAM - 1)
    for bank in (last, *range(min(last, BANKS_TRIED))):
        end = start + min(program, (bank + 1) * PROGRAM)
        vectors = view.exact(end - VECTORS, VECTORS)
        reset = int.from_bytes(vectors[2:4], "little")
        if 0x8000 <= reset < 0xFFFA and vectors != vectors[:1] * VECTORS:
            return reset
    return None
