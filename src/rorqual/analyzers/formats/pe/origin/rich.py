"""The rich header: which Microsoft tools made the objects of an image, written by their linker behind the DOS stub.

"DanS", three zero words and pairs of words (product and build, use count), all XORed with a key; then "Rich" and the
key in clear. The key is a checksum over the DOS header (e_lfanew taken as zero), the stub and the pairs, so that a
header taken from another image, or a stub changed afterwards, shows.

Microsoft documents none of it: https://www.ntcore.com/files/richsign.htm has the structure,
https://github.com/dishather/richprint the product ids (products.csv). A header without the word "Rich" is not found.
Which release of Visual Studio a build belongs to is not told.
"""

import csv
import functools
import hashlib
import os
import struct
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.pe.headers import DOS_SIZE
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Malformed, Said, View, frozen

PRODUCTS = os.path.join(os.path.dirname(__file__), "products.csv")  # importlib.resources would cost 15 ms
REACH = 1 << 20  # bytes from the image's start in which it is looked for; honest PE headers start far sooner
CANDIDATES = 8  # places of a mark that are tried, the last first; a stub has one, and a flood of them must end
ENTRIES_TOLD = 256  # no linker knows as many products; further entries are counted and said to be there
_DANS, _RICH = b"DanS", b"Rich"
_HEAD = 16  # "DanS" and three zero words
_WORD = 0xFFFF_FFFF
_STUB_END = b"$"  # ends the text that a DOS stub prints


class PERichEntry(NamedTuple):
    """Objects of one tool that went into the image."""

    product_id: int
    product: str | None  # None: not a known id
    build: int
    uses: int  # objects


@frozen
class PERich:
    """A rich header; the finding spans it from "DanS" to the key."""

    tag: ClassVar[str] = "pe_rich"
    key: int
    checksum: int  # as it should be
    checksum_valid: bool
    number_of_entries: int  # of which at most 256 are told
    entries: tuple[PERichEntry, ...]
    rich_hash: str  # MD5 over what lies before "Rich", decoded: hex digits


class Header(NamedTuple):
    """Where it lies and what its words come to."""

    at: int
    rich_at: int
    key: int
    clear: bytes  # from "DanS" to "Rich", decoded

    @property
    def end(self) -> int:
        return self.rich_at + 8


class PERichHeader:
    """Tells the rich header and whether it belongs to the image."""

    name = "pe-rich"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """Not asked for: no anchor wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The header and what is wrong with it."""
        if not isinstance(hit.context, Layout):
            raise Malformed(hit.offset, "a PE image's layout")
        pe_at = hit.context.headers.dos.e_lfanew
        if pe_at > REACH:
            proof = f"e_lfanew {pe_at:#x}; a rich header is looked for in the first {REACH:#x} bytes"
            yield hit.finding(0x3C, 4, Anomaly("rich_search_cut", proof))
        data = hit.view.read(0, min(pe_at, REACH)) if pe_at > DOS_SIZE + _HEAD else b""
        hit.view.step(1 + len(data) // 64)
        header = _find(data)
        if header is None:
            return
        words = struct.unpack(f"<{len(header.clear) // 4}I", header.clear)
        pairs = tuple(zip(words[4::2], words[5::2], strict=False))
        hit.view.step(len(pairs))
        checksum = _checksum(data[: header.at], pairs)
        body = PERich(
            key=header.key,
            checksum=checksum,
            checksum_valid=checksum == header.key,
            number_of_entries=len(pairs),
            entries=tuple(_entry(*pair) for pair in pairs[:ENTRIES_TOLD]),
            rich_hash=hashlib.md5(header.clear, usedforsecurity=False).hexdigest(),
        )
        yield hit.finding(header.at, header.end - header.at, body)
        yield from _anomalies(hit, data, header, pairs, body)


def _find(data: bytes) -> Header | None:
    """The header whose "Rich" comes last; what starts with "DanS" is preferred to what only has the zero words."""
    maimed = None
    end = len(data)
    for _ in range(CANDIDATES):
        rich_at = data.rfind(_RICH, DOS_SIZE, end)
        if rich_at < 0:
            break
        end = rich_at + 3
        mark = data[rich_at + 4 : rich_at + 8]
        if len(mark) < 4 or mark == _RICH:
            continue
        key = int.from_bytes(mark, "little")
        dans_at = _aligned(data, _xored(_DANS, key), rich_at)
        if dans_at is not None:
            return _decoded(data, dans_at, rich_at, key)
        zeros_at = _aligned(data, mark * 3, rich_at)
        if key and maimed is None and zeros_at is not None and zeros_at >= DOS_SIZE + 4:
            maimed = _decoded(data, zeros_at - 4, rich_at, key)
    return maimed


def _aligned(data: bytes, mark: bytes, rich_at: int) -> int | None:
    """The last place of `mark` that is a multiple of 4 bytes before "Rich", among the nearest."""
    end = rich_at
    for _ in range(CANDIDATES):
        at = data.rfind(mark, DOS_SIZE, end)
        if at < 0:
            break
        if (rich_at - at) % 4 == 0:
            return at
        end = at + len(mark) - 1
    return None


def _xored(data: bytes, key: int) -> bytes:
    """Whole words, XORed with the key."""
    mask = int.from_bytes(key.to_bytes(4, "little") * (len(data) // 4), "little")
    return (int.from_bytes(data, "little") ^ mask).to_bytes(len(data), "little")


def _decoded(data: bytes, at: int, rich_at: int, key: int) -> Header:
    return Header(at, rich_at, key, _xored(data[at:rich_at], key))


def _checksum(before: bytes, pairs: tuple[tuple[int, int], ...]) -> int:
    """What the key should be: each byte before the header rotated by its place, each product by its count."""
    before = before[:0x3C] + bytes(4) + before[0x40:]
    total = len(before)
    for turn in range(32):
        part = before[turn::32]
        total += sum(part) << turn
        if turn > 24:  # only then do bits leave the word, to come in again below
            total += sum(byte >> 32 - turn for byte in part)
    for product, count in pairs:
        turn = count % 32
        total += product << turn | product >> 32 - turn
    return total & _WORD


@functools.cache
def _products() -> dict[int, str]:
    with open(PRODUCTS, encoding="ascii") as file:
        _header, *rows = csv.reader(file.read().splitlines())
    return {int(number): product for number, product in rows}


def _entry(product: int, count: int) -> PERichEntry:
    return PERichEntry(product >> 16, _products().get(product >> 16), product & 0xFFFF, count)


def _anomalies(
    hit: Hit, data: bytes, header: Header, pairs: tuple[tuple[int, int], ...], body: PERich
) -> Iterator[Finding]:
    at, size = header.at, header.end - header.at

    def noted(at: int, size: int, name: str, proof: str) -> Finding:
        return hit.finding(at, size, Anomaly(name, proof))

    if not body.checksum_valid:
        yield noted(at, size, "rich_checksum_wrong", f"key {body.key:#010x}, checksum {body.checksum:#010x}")
    if not header.clear.startswith(_DANS):
        yield noted(at, 4, "rich_start_missing", f"the header starts with {header.clear[:4].hex()}, not with DanS")
    if any(header.clear[4:_HEAD]):
        yield noted(at + 4, 12, "rich_padding_not_zero", f"{header.clear[4:_HEAD].hex()} for three zero words")
    if len(header.clear) % 8:
        yield noted(header.rich_at - 4, 4, "rich_entry_cut", f"{len(header.clear)} bytes before the end mark")
    repeated = [(product, times) for product, times in Counter(product for product, _ in pairs).items() if times > 1]
    if repeated:
        product, times = repeated[0]
        proof = (
            f"{len(repeated)} products more than once; product {product >> 16} build {product & 0xFFFF} {times} times"
        )
        yield noted(at, size, "rich_entry_repeated", proof)
    if len(pairs) > ENTRIES_TOLD:
        yield noted(at, size, "rich_entries_not_told", f"{len(pairs)} entries, the first {ENTRIES_TOLD} are told")
    stub_end = data.find(_STUB_END, DOS_SIZE, at)
    for name, start, end in (
        ("rich_data_before", stub_end + 1 if stub_end >= 0 else at, at),
        ("rich_data_behind", header.end, len(data)),
    ):
        hidden = data[start:end].strip(b"\0")
        if hidden:
            hidden_at = data.index(hidden, start)
            proof = f"{len(hidden)} bytes from {hidden_at:#x} on, the rich header at {at:#x} to {header.end:#x}"
            yield noted(hidden_at, len(hidden), name, proof)
