"""VS_VERSIONINFO: nested blocks of a length, a value's length, a type, a UTF-16 key, a value and further blocks.

    VS_VERSION_INFO            VS_FIXEDFILEINFO
      StringFileInfo
        040904B0               language and code page in hex
          CompanyName          text …
      VarFileInfo
        Translation            pairs of language and code page

https://learn.microsoft.com/windows/win32/menurc/vs-versioninfo

Keys, values and blocks are aligned to 4 bytes from the block's start. Resource compilers disagree on whether the length
of a text counts characters or bytes, so a text goes on to its NUL or to the end of its block, as readers take it. The
8-bit form of 16-bit Windows is not handled.
"""

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.pe.resources.resource_names import escaped, escaped_lines

VERSION_MAX = 0xFFFF  # bytes: a length has 16 bits
SIGNATURE = 0xFEEF_04BD
_HEAD = struct.Struct("<HHH")  # wLength, wValueLength, wType
FIXED = struct.Struct("<13I")
_PAIR = struct.Struct("<HH")


class Fixed(NamedTuple):
    """VS_FIXEDFILEINFO."""

    signature: int
    struct_version: int
    file_version_high: int
    file_version_low: int
    product_version_high: int
    product_version_low: int
    flags_mask: int
    flags: int
    os: int
    type: int
    subtype: int
    date_high: int
    date_low: int


class VersionString(NamedTuple):
    """A key and its text."""

    key: str
    value: str


class Table(NamedTuple):
    """A StringTable, `at` from the resource's start."""

    at: int
    size: int
    key: str  # language and code page, four hex digits each
    strings: tuple[VersionString, ...]


class VersionInfo(NamedTuple):
    """All of it."""

    size: int  # as its first block declares
    fixed: Fixed | None
    tables: tuple[Table, ...]
    translations: tuple[tuple[int, int], ...]


class Block(NamedTuple):
    """A block: places within the resource; `end` is cut to what holds it."""

    at: int
    length: int  # as declared
    value_length: int  # as declared
    key: bytes
    value_at: int
    end: int


Lies = Callable[[str, int, int, str], None]  # name, at, size, proof


def read_version(data: bytes, *, lie: Lies, step: Callable[[int], None]) -> VersionInfo | None:
    """The version information in a resource's bytes; None where they are none. `lie` hears of what is wrong."""
    root = _block(data, 0, len(data), lie)
    if root is None or _text(root.key) != "VS_VERSION_INFO":
        return None
    fixed = _fixed(data, root, lie)
    tables: list[Table] = []
    translations: list[tuple[int, int]] = []
    for block in _blocks(data, root.value_at + root.value_length, root.end, lie=lie, step=step):
        name = _text(block.key)
        if name not in ("StringFileInfo", "VarFileInfo"):
            lie("version_block_unknown", block.at, block.end - block.at, f"{escaped(name[:64])!r} in VS_VERSION_INFO")
            continue
        for inner in _blocks(data, block.value_at, block.end, lie=lie, step=step):
            if name == "StringFileInfo":
                strings = tuple(_strings(data, inner, lie=lie, step=step))
                tables.append(Table(inner.at, inner.end - inner.at, escaped(_text(inner.key)), strings))
            else:
                pairs = data[inner.value_at : min(inner.value_at + inner.value_length, inner.end)]
                translations += _PAIR.iter_unpack(pairs[: len(pairs) & ~3])
    return VersionInfo(root.length, fixed, tuple(tables), tuple(translations))


def _fixed(data: bytes, root: Block, lie: Lies) -> Fixed | None:
    if not root.value_length:
        return None
    value = data[root.value_at : root.value_at + FIXED.size]
    if root.value_length != FIXED.size or len(value) < FIXED.size:
        proof = f"the fixed information has {root.value_length} bytes, {len(value)} there, of {FIXED.size}"
        lie("version_fixed_size", root.at, _HEAD.size, proof)
        if len(value) < FIXED.size:
            return None
    fixed = Fixed._make(FIXED.unpack(value))
    if fixed.signature != SIGNATURE:
        lie("version_signature_wrong", root.value_at, 4, f"signature {fixed.signature:#010x}")
    return fixed


def _strings(data: bytes, table: Block, *, lie: Lies, step: Callable[[int], None]) -> Iterator[VersionString]:
    for block in _blocks(data, table.value_at, table.end, lie=lie, step=step):
        key = _text(block.key)
        value = data[block.value_at : block.end]
        yield VersionString(escaped(key), escaped_lines(_text(value)))


def _blocks(data: bytes, at: int, end: int, *, lie: Lies, step: Callable[[int], None]) -> Iterator[Block]:
    """The blocks from `at` on that one block holds; each is longer than 0, so there is an end."""
    while True:
        at = _up(at)
        if end - at < _HEAD.size or not data[at : at + 2].strip(b"\0"):
            # What is left is padding, unless something else is in it.
            if data[at:end].strip(b"\0"):
                lie("version_trailing_bytes", at, end - at, f"{end - at} bytes behind the last block, not all zero")
            return
        step(1)
        block = _block(data, at, end, lie)
        if block is None:
            return
        yield block
        at += block.length


def _block(data: bytes, at: int, end: int, lie: Lies) -> Block | None:
    head = data[at : at + _HEAD.size]
    if len(head) < _HEAD.size:
        return None
    length, value_length, _ = _HEAD.unpack(head)
    if length < _HEAD.size + 2:
        lie("version_length_wrong", at, _HEAD.size, f"a block of {length} bytes, less than its header")
        return None
    if at + length > end:
        proof = f"a block of {length} bytes, {end - at} are left in what holds it"
        lie("version_length_wrong", at, _HEAD.size, proof)
    stop = min(at + length, end)
    key_at = at + _HEAD.size
    key_end = _nul(data, key_at, stop)
    key = data[key_at:key_end]
    return Block(at, length, value_length, key, min(_up(key_end + 2), stop), stop)


def _nul(data: bytes, at: int, end: int) -> int:
    """Where the UTF-16 text at `at` ends: before its NUL, or at `end`."""
    found = data.find(b"\0\0", at, end)
    while found >= 0 and (found - at) % 2:
        found = data.find(b"\0\0", found + 1, end)
    return found if found >= 0 else at + (end - at & ~1)


def _text(raw: bytes) -> str:
    return raw[: _nul(raw, 0, len(raw))].decode("utf-16-le", "backslashreplace")


def _up(at: int) -> int:
    return at + 3 & ~3
