"""Texts in resources: STRING bundles and MESSAGETABLE blocks.

A bundle is 16 counted UTF-16 texts; that of number n has the texts (n - 1) * 16 and on.
https://devblogs.microsoft.com/oldnewthing/20040130-00/?p=40813

A message table is a count of blocks, for each the first and last number and where its entries begin; an entry is its
own length, flags (1: UTF-16, else an 8-bit code page) and the text, filled up with zeros.
https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-message_resource_data
"""

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.pe.resources.resource_names import escaped_lines

BUNDLE = 16  # texts
BUNDLE_MAX = BUNDLE * (2 + 2 * 0xFFFF)  # bytes: 16 lengths of 16 bits
TEXT_MAX = 1024  # characters of a text that are told
BLOCKS_MAX = 4096  # of a message table; ntdll.dll has some 900
_BLOCK = struct.Struct("<III")
_ENTRY = struct.Struct("<HH")
_UTF16 = 1
_ENTRY_MAX = 0xFFFF

Lies = Callable[[str, str], None]  # name, proof


class TextRow(NamedTuple):
    """A text by its number; `characters` says how long it is in all: UTF-16 units, or bytes of another encoding."""

    id: int
    text: str
    characters: int


def bundle(data: bytes, number: int, lie: Lies) -> tuple[TextRow, ...]:
    """The texts of a bundle that are not empty."""
    rows = []
    at = 0
    for index in range(BUNDLE):
        if at + 2 > len(data):
            lie("string_table_cut", f"bundle {number}: {index} of {BUNDLE} texts in {len(data)} bytes")
            break
        length = int.from_bytes(data[at : at + 2], "little")
        at += 2
        if length:
            raw = data[at : at + 2 * length]
            if len(raw) < 2 * length:
                lie("string_table_cut", f"bundle {number}: text {index} of {length} characters, {len(raw) // 2} there")
            rows.append(TextRow((number - 1) * BUNDLE + index, _shown(raw[: len(raw) & ~1]), length))
            if len(raw) < 2 * length:
                break
        at += 2 * length
    return tuple(rows)


def messages(read: Callable[[int, int], bytes], size: int, lie: Lies, step: Callable[[int], None]) -> Iterator[TextRow]:
    """The messages of a table of `size` bytes, in its own order; `read` gives bytes by place in it."""
    count = int.from_bytes(read(0, 4), "little")
    table = read(4, min(count, BLOCKS_MAX) * _BLOCK.size)
    blocks = len(table) // _BLOCK.size
    if blocks < count:
        lie("message_table_cut", f"{count} blocks declared, {blocks} read")
    for low, high, start in _BLOCK.iter_unpack(table[: blocks * _BLOCK.size]):
        step(1)
        if high < low:
            lie("message_block_invalid", f"block of messages {low:#x} to {high:#x}")
            continue
        at = start
        for number in range(low, high + 1):  # ends where the table does: an entry has a length
            step(1)
            head = read(at, _ENTRY.size)
            length, flags = _ENTRY.unpack(head) if len(head) == _ENTRY.size else (0, 0)
            if length < _ENTRY.size or at + length > size:
                proof = f"message {number:#x} of {high - low + 1} from {low:#x}, at {at:#x}: {length} bytes of {size}"
                lie("message_entry_invalid", proof)
                break
            raw = read(at + _ENTRY.size, length - _ENTRY.size)
            yield _message(number, raw, flags)
            at += length


def _message(number: int, raw: bytes, flags: int) -> TextRow:
    if flags & _UTF16:
        end = _nul(raw)
        return TextRow(number, _shown(raw[:end]), end // 2)
    raw = raw.split(b"\0", 1)[0]
    # Which code page is not said; bytes that are not ASCII stay visible.
    return TextRow(number, escaped_lines(raw[:TEXT_MAX].decode("ascii", "backslashreplace")), len(raw))


def _nul(raw: bytes) -> int:
    found = raw.find(b"\0\0")
    while found >= 0 and found % 2:
        found = raw.find(b"\0\0", found + 1)
    return found if found >= 0 else len(raw) & ~1


def _shown(raw: bytes) -> str:
    return escaped_lines(raw[: 2 * TEXT_MAX].decode("utf-16-le", "backslashreplace"))
