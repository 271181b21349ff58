"""Programs as UPX leaves them, with noise for what is packed."""

import struct

from tests.builders.elf import EXEC, LOAD, MIPS, X86_64, R, Segment, W, X, file_header, segment


def packed(
    *,
    big: bool = False,
    method: int = 8,
    magic: bytes = b"UPX!",
    file_size: int = 40_000,
    block_size: int = 40_000,
    trailer: bool = True,
) -> bytes:
    """A program of two segments, the first of which is where the unpacked one will be."""
    mark, wide = (">", False) if big else ("<", True)
    form = 137 if big else 22
    head, row = (52, 32) if big else (64, 56)
    starts = struct.pack(f"{mark}I4sHBB3I", 0x1234_5678, magic, 900, 14, form, 0, file_size, block_size)
    block = struct.pack(f"{mark}2I4B", 40_000, 500, method, 0x49, 0, 0) + bytes(i * i % 255 for i in range(500))
    stub = b"\n$Id: UPX 4.23 Copyright (C) 1996-2024 the UPX Team. All Rights Reserved. $\n\0" + bytes(40)
    at = head + 2 * row
    size = at + len(starts) + len(block)
    rows = segment(Segment(LOAD, R | W, 0, 0x40_0000, 0x100, 0x2_0000, 0x1000), wide=wide, big=big)
    rows += segment(Segment(LOAD, R | X, 0, 0x42_0000, size, size, 0x1000), wide=wide, big=big)
    machine = MIPS if big else X86_64
    fields = {"e_type": EXEC, "e_machine": machine, "e_entry": 0x42_0000 + at + 40, "e_phoff": head, "e_phnum": 2}
    data = file_header(fields, wide=wide, big=big) + rows + starts + block
    return data + stub + (_trailer(form, method, at + 12, big=big) if trailer else b"")


def _trailer(form: int, method: int, start: int, *, big: bool) -> bytes:
    sums, sizes = (0x1111_2222, 0x3333_4444), (40_000, 500)
    numbers = (*sizes, *sums) if big else (*sums, *sizes)
    record = struct.pack((">" if big else "<") + "5I", *numbers, 40_000) + bytes([0x49, 0, 0])
    record = bytes([14, form, method, 7]) + record
    return b"UPX!" + record + bytes([sum(record) % 251]) + struct.pack((">" if big else "<") + "I", start)
