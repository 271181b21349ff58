"""Import, export and rich tables for built PE images: each a section's bytes and the directories that point into it."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from tests.builders.pe import CODE, Image, Section, build

RVA = 0x2000  # of the second section of `image_with`
STUB = b"\x0e\x1f\xba\x0e\0\xb4\x09\xcd\x21\xb8\x01\x4c\xcd\x21This program cannot be run in DOS mode.\r\r\n$"
RDATA = 0x4000_0040


@dataclass(frozen=True)
class Tables:
    """A section's bytes and the data directories in it."""

    data: bytes
    directories: dict[int, tuple[int, int]]


@dataclass(frozen=True)
class Library:
    """A library and what is taken from it: names (with a hint that is their index), or ordinals."""

    name: bytes
    functions: tuple[bytes | int, ...]
    timestamp: int = 0
    bound: tuple[int, ...] = ()  # addresses in the address table; by default it is as the lookup table
    lookup: bool = True  # whether there is a lookup table


@dataclass(frozen=True)
class Exports:
    """An export directory; functions are addresses or forwarders' texts, names lead to their indexes."""

    functions: tuple[int | bytes, ...]
    names: tuple[tuple[bytes, int], ...]
    module: bytes = b"built.dll"
    base: int = 1
    number_of_functions: int | None = None
    number_of_names: int | None = None


def imports(libraries: Sequence[Library], *, plus: bool = False, rva: int = RVA) -> Tables:
    """An import directory, its tables and names."""
    return _imports(libraries, rva, plus=plus, size=20, base=0)


def delayed(libraries: Sequence[Library], *, plus: bool = False, rva: int = RVA, base: int = 0) -> Tables:
    """A delay import directory; with a base, of the old kind that holds addresses."""
    return _imports(libraries, rva, plus=plus, size=32, base=base)


def _imports(libraries: Sequence[Library], rva: int, *, plus: bool, size: int, base: int) -> Tables:
    form, flag = ("<Q", 1 << 63) if plus else ("<I", 1 << 31)
    head, body = b"", b""
    start = rva + size * (len(libraries) + 1)
    for library in libraries:
        thunks = b""
        for hint, function in enumerate(library.functions):
            if isinstance(function, int):
                thunks += struct.pack(form, flag | function)
                continue
            thunks += struct.pack(form, start + len(body) + base)
            body += struct.pack("<H", hint) + function + b"\0"
            body += bytes(len(body) % 2)
        name_at = start + len(body)
        body += library.name + b"\0"
        body += bytes(-len(body) % 8)
        end = struct.pack(form, 0)
        lookup_at = start + len(body)
        body += thunks + end if library.lookup else b""
        address_at = start + len(body)
        bound = b"".join(struct.pack(form, address) for address in library.bound)
        if size == 20:
            body += (bound or thunks) + end
            lookup = lookup_at if library.lookup else 0
            head += struct.pack("<5I", lookup, library.timestamp, 0, name_at, address_at)
        else:
            body += struct.pack(form, base + 0x1000) * len(library.functions) + end
            bound_at = start + len(body) if bound else 0
            body += bound + (end if bound else b"")
            places = [place + base if place else 0 for place in (name_at, address_at, lookup_at, bound_at)]
            head += struct.pack("<8I", not base, places[0], 0, *places[1:], 0, library.timestamp)
    directory = 13 if size == 32 else 1
    return Tables(head + bytes(size) + body, {directory: (rva, len(head) + size)})


def exports(what: Exports, *, rva: int = RVA) -> Tables:
    """An export directory, its tables and texts."""
    count, named = len(what.functions), len(what.names)
    functions_at = rva + 40
    names_at = functions_at + 4 * count
    ordinals_at = names_at + 4 * named
    texts_at = ordinals_at + 2 * named
    texts = what.module + b"\0"
    addresses = []
    for function in what.functions:
        if isinstance(function, bytes):
            addresses.append(texts_at + len(texts))
            texts += function + b"\0"
        else:
            addresses.append(function)
    pointers = []
    for name, _ in what.names:
        pointers.append(texts_at + len(texts))
        texts += name + b"\0"
    head = struct.pack(
        "<2I2H7I",
        0,
        0x5F5E_1000,
        1,
        2,
        texts_at,
        what.base,
        count if what.number_of_functions is None else what.number_of_functions,
        named if what.number_of_names is None else what.number_of_names,
        functions_at,
        names_at,
        ordinals_at,
    )
    tables = struct.pack(f"<{count}I{named}I", *addresses, *pointers)
    tables += struct.pack(f"<{named}H", *(index for _, index in what.names))
    data = head + tables + texts
    return Tables(data, {0: (rva, len(data))})


def bound(modules: Sequence[tuple[bytes, int, Sequence[tuple[bytes, int]]]]) -> bytes:
    """A bound import directory: (library, time stamp, those it forwards to)."""
    count = sum(1 + len(forwarders) for _, _, forwarders in modules)
    rows, texts = b"", b""

    def row(name: bytes, timestamp: int, references: int) -> bytes:
        nonlocal texts
        place = 8 * (count + 1) + len(texts)
        texts += name + b"\0"
        return struct.pack("<IHH", timestamp, place, references)

    for name, timestamp, forwarders in modules:
        rows += row(name, timestamp, len(forwarders))
        for other, other_timestamp in forwarders:
            rows += row(other, other_timestamp, 0)
    return rows + bytes(8) + texts


def image_with(
    tables: Tables, *, plus: bool = False, flags: int = RDATA, fields: dict[str, int] | None = None
) -> bytes:
    """An image whose second section is the tables'."""
    sections = (Section(b".text", bytes(range(256)) * 2 + b"\xc3", CODE), Section(b".rdata", tables.data, flags))
    return build(Image(sections=sections, plus=plus, directories=tables.directories, fields=fields or {}))


def with_rich(
    entries: Sequence[tuple[int, int, int]],
    *,
    key: int | None = None,
    start: bytes = b"DanS",
    padding: bytes = bytes(12),
    before: bytes = b"",
    behind: bytes = b"",
) -> bytes:
    """An image with a DOS stub and a rich header of (product, build, uses) entries; by default its key is right."""
    pairs = [(product << 16 | build_number, uses) for product, build_number, uses in entries]
    clear = start + padding + b"".join(struct.pack("<II", *pair) for pair in pairs)
    stub = (STUB + before).ljust(0x40 + -(-len(before) // 16) * 16, b"\0")
    at = 0x40 + len(stub)
    e_lfanew = at + -(-(len(clear) + 8 + len(behind)) // 16) * 16 + 16
    data = bytearray(build(Image(e_lfanew=e_lfanew, patches={0x40: stub})))
    if key is None:
        key = _rich_key(bytes(data[:at]), pairs)
    mask = struct.pack("<I", key)
    coded = bytes(byte ^ mask[place % 4] for place, byte in enumerate(clear))
    data[at : at + len(coded) + 8 + len(behind)] = coded + b"Rich" + mask + behind
    return bytes(data)


def _rich_key(before: bytes, pairs: Sequence[tuple[int, int]]) -> int:
    total = len(before)
    for place, byte in enumerate(before):
        if not 0x3C <= place < 0x40:
            total += _rotated(byte, place)
    for product, uses in pairs:
        total += _rotated(product, uses)
    return total & 0xFFFF_FFFF


def _rotated(value: int, count: int) -> int:
    count %= 32
    return (value << count | value >> 32 - count) & 0xFFFF_FFFF
