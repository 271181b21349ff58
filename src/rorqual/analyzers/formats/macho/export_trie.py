"""The loader's exported symbols: a trie of names by common beginnings, in LC_DYLD_INFO or LC_DYLD_EXPORTS_TRIE.

A node is the size of what it says of the name that ends in it (0 for none), that, a count of children, and for each
of these an edge's text and the child's offset; numbers are ULEB128.
https://github.com/apple-oss-distributions/dyld/blob/main/mach_o/ExportsTrie.cpp
"""

from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.macho.layout import Layout, Part
from rorqual.sdk import View

TRIE_MOST = 32 << 20  # bytes; a library of 60,000 C++ symbols has 3 MB
NODES_MOST = 2_000_000  # a library of 60,000 symbols has 100,000
NAME_MOST = 4096  # bytes of a name, as in the symbol table
_KINDS = ("regular", "thread-local", "absolute", "3")
WEAK_DEFINITION, REEXPORT, STUB_AND_RESOLVER, STATIC_RESOLVER = 0x4, 0x8, 0x10, 0x20


class Export(NamedTuple):
    """An exported name: an address from the image's base, or the library it is passed on from."""

    name: bytes
    kind: str
    flags: int
    address: int | None
    ordinal: int | None  # of a symbol passed on
    other_name: bytes  # its name there, where that differs


class Broken(NamedTuple):
    """What is wrong with the trie, and where in it."""

    at: int
    proof: str


def trie_of(layout: Layout) -> Part | None:
    """Where the trie lies; the command for it alone comes before LC_DYLD_INFO."""
    return layout.part("dyld-exports-trie") or layout.part("exports")


def exports(view: View, part: Part) -> Iterator[Export | Broken]:
    """The names in the order of the trie's edges, and what is wrong, where something is."""
    data = view.read(part.at, min(part.present, TRIE_MOST))
    if part.size > TRIE_MOST:
        yield Broken(0, f"a trie of {part.size:#x} bytes; the first {TRIE_MOST:#x} are read")
    total, find = len(data), data.find
    seen = {0}
    waiting = [(0, b"")]
    visited = 0
    while waiting:
        node, name = waiting.pop()
        visited += 1
        if not visited & 63:
            view.step(16)
        size, at = (data[node], node + 1) if node < total and data[node] < 0x80 else _uleb(data, node)
        if size is None or at + size >= total:
            yield Broken(node, f"a node at {node:#x} of {total:#x} bytes")
            continue
        if size:
            found = _terminal(data, at, at + size, name)
            yield found if found is not None else Broken(node, f"the node of {size} bytes at {node:#x} says nothing")
        at += size
        count, at = data[at], at + 1
        children: list[tuple[int, bytes]] = []
        for _ in range(count):
            end = find(b"\0", at, at + NAME_MOST)
            child, after = _uleb(data, end + 1) if end >= 0 else (None, at)
            if child is None or child >= total:
                yield Broken(node, f"a child of the node at {node:#x} lies outside")
                break
            if child in seen or len(name) + end - at > NAME_MOST or len(seen) >= NODES_MOST:
                why = "is reached twice" if child in seen else "is too deep, or one too many"
                yield Broken(node, f"the node at {child:#x} {why}")
            else:
                seen.add(child)
                children.append((child, name + data[at:end]))
            at = after
        if children:
            children.reverse()
            waiting += children


def _terminal(data: bytes, at: int, end: int, name: bytes) -> Export | None:
    flags, at = _uleb(data, at)
    value, at = _uleb(data, at)
    if flags is None or value is None or at > end:
        return None
    if flags & REEXPORT:
        other = data[at:end].split(b"\0", 1)[0]
        return Export(name, _KINDS[flags & 3], flags, None, value, other)
    return Export(name, _KINDS[flags & 3], flags, value, None, b"")


def _uleb(data: bytes, at: int) -> tuple[int | None, int]:
    """A number of at most 64 bits, and where it ends."""
    if at < len(data) and data[at] < 0x80:
        return data[at], at + 1
    value, shift = 0, 0
    for byte in data[at : at + 10]:
        at += 1
        if byte < 0x80:
            return value | byte << shift, at
        value |= (byte & 0x7F) << shift
        shift += 7
    return None, at
