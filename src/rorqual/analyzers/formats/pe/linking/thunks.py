"""Import descriptors and thunks of all kinds as stored; nothing is judged.

Windows takes the lookup table (OriginalFirstThunk) only where it lies between headers and end of the image, and the
address table (FirstThunk) else; it stops at the first descriptor without a name or an address table. Descriptors of
delayed imports hold RVAs, or addresses where bit 0 of their attributes is not set, as before Visual C++ 7.

ordinals.csv names the functions of three libraries that linkers import by ordinal, as the import hash wants them.
"""

import csv
import functools
import os
import struct
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.headers import Headers
from rorqual.analyzers.formats.pe.window import Window

NAME_MAX = 1 << 13  # bytes told of a name; Microsoft's compilers shorten what gets longer than 4,096
LIBRARY_MAX = 512  # bytes of a library's name; Windows takes paths of 260
ORDINALS = os.path.join(os.path.dirname(__file__), "ordinals.csv")  # importlib.resources would cost 15 ms
_DESCRIPTOR = struct.Struct("<5I")
_DELAYED = struct.Struct("<8I")
_BOUND = struct.Struct("<IHH")
_PIECE = 32  # thunks read at once; most libraries give fewer
_RVAS = 1  # attribute of a delayed descriptor: RVAs, not addresses
BOUND_SPAN = 1 << 16  # bytes: names are found by 16-bit offsets from the first bound descriptor


class Descriptor(NamedTuple):
    """IMAGE_IMPORT_DESCRIPTOR or IMAGE_DELAYLOAD_DESCRIPTOR, addresses made RVAs."""

    rva: int  # its own
    size: int  # bytes of it
    library: bytes | None
    stored_lookup: int  # OriginalFirstThunk, or the table of names, as stored
    lookup_rva: int  # the same where the loader takes it, else 0
    address_rva: int  # FirstThunk
    bound_rva: int  # where the addresses of bound functions are; 0: it is not bound
    timestamp: int
    forwarder_chain: int
    delay: bool
    bias: int  # what is to be taken from a thunk to get an RVA: the image base, of old delayed imports


class Thunk(NamedTuple):
    """IMAGE_THUNK_DATA of a function."""

    ordinal: int | None  # None: by name
    rva: int | None  # of hint and name; None: by ordinal
    hint: int | None
    name: bytes | None  # None: by ordinal, or nothing is mapped there
    bound: int | None  # the address that the binder put there

    @property
    def broken(self) -> bool:
        """Whether it leads nowhere; Windows refuses such an image."""
        return self.ordinal is None and self.name is None


def descriptors(window: Window, rva: int, headers: Headers) -> Iterator[Descriptor]:
    """The import directory's, up to the one that ends it."""
    while len(data := window.take(rva, _DESCRIPTOR.size)) == _DESCRIPTOR.size:
        lookup, timestamp, chain, name, address = _DESCRIPTOR.unpack(data)
        if not name or not address:
            return
        window.step()
        inside = headers.optional.size_of_headers <= lookup < headers.optional.size_of_image
        bound = address if timestamp and inside else 0
        library = window.string(name, LIBRARY_MAX)
        taken = lookup if inside else 0
        yield Descriptor(rva, len(data), library, lookup, taken, address, bound, timestamp, chain, delay=False, bias=0)
        rva += len(data)


def delayed(window: Window, rva: int, headers: Headers) -> Iterator[Descriptor]:
    """The delay import directory's, up to the one that ends it."""
    while len(data := window.take(rva, _DELAYED.size)) == _DELAYED.size:
        attributes, name, _module, address, lookup, bound, _unload, timestamp = _DELAYED.unpack(data)
        if not name:
            return
        window.step()
        old = not attributes & _RVAS and headers.optional.magic == names.PE32
        bias = headers.optional.image_base if old else 0
        name, address, lookup, bound = (_less(value, bias) for value in (name, address, lookup, bound))
        library = window.string(name, LIBRARY_MAX)
        bound = bound if timestamp else 0
        yield Descriptor(rva, len(data), library, lookup, lookup, address, bound, timestamp, 0, delay=True, bias=bias)
        rva += len(data)


def _less(value: int, bias: int) -> int:
    return (value - bias) & 0xFFFF_FFFF if value else 0


def thunks(window: Window, descriptor: Descriptor, headers: Headers) -> Iterator[list[Thunk]]:
    """The functions taken from a library, a few at a time, up to the thunk that ends them or is not mapped."""
    form, width, flag = ("Q", 8, 1 << 63) if headers.optional.magic == names.PE32_PLUS else ("I", 4, 1 << 31)
    rva, bound_rva = descriptor.lookup_rva or descriptor.address_rva, descriptor.bound_rva
    more = True
    while more:
        data = window.take(rva, _PIECE * width)
        values = struct.unpack_from(f"<{len(data) // width}{form}", data)
        if 0 in values:
            values = values[: values.index(0)]
        more = len(values) == _PIECE
        window.step(len(values))
        addresses = [0 if value & flag else value for value in values]
        if descriptor.bias:
            addresses = [_less(address, descriptor.bias) for address in addresses]
        texts = iter(window.strings([address for address in addresses if address], NAME_MAX, lead=2))
        slots: tuple[int | None, ...] = (None,) * len(values)
        if bound_rva:
            there = window.table(bound_rva, len(values) * width)
            slots = (struct.unpack_from(f"<{len(there) // width}{form}", there) + slots)[: len(values)]
            bound_rva += len(values) * width
        found = []
        for value, address, slot in zip(values, addresses, slots, strict=True):
            text = next(texts) if address else None
            if value & flag:
                found.append(Thunk(value & 0xFFFF, None, None, None, slot))
            elif text is None:
                found.append(Thunk(None, address, None, None, slot))
            else:
                found.append(Thunk(None, address, text[0] | text[1] << 8 if len(text) > 1 else 0, text[2:], slot))
        yield found
        rva += len(values) * width


class Bound(NamedTuple):
    """IMAGE_BOUND_IMPORT_DESCRIPTOR, or one of the IMAGE_BOUND_FORWARDER_REF behind it."""

    library: bytes | None
    timestamp: int
    forwards: bytes | None  # the library of the descriptor that it belongs to


def bound(data: bytes) -> Iterator[Bound]:
    """The bound import directory's entries, from its bytes."""
    at, left, owner = 0, 0, None
    while len(data) - at >= _BOUND.size:
        timestamp, name_at, references = _BOUND.unpack_from(data, at)
        if not left and not timestamp and not name_at:
            return
        end = data.find(b"\0", name_at, name_at + LIBRARY_MAX)
        library = data[name_at:end] if name_at and end >= 0 else None
        yield Bound(library, timestamp, owner if left else None)
        left, owner = (left - 1, owner) if left else (references, library or b"")
        at += _BOUND.size


@functools.cache
def _ordinals() -> dict[str, dict[int, str]]:
    with open(ORDINALS, encoding="ascii") as file:
        _header, *rows = csv.reader(file.read().splitlines())
    tables: dict[str, dict[int, str]] = {}
    for library, ordinal, name in rows:
        tables.setdefault(library, {})[int(ordinal)] = name
    return tables


def well_known(library: str, ordinal: int) -> str | None:
    """The name of a function that is usually imported by ordinal; `library` in lower case."""
    return _ordinals().get(library, {}).get(ordinal)
