"""Thread local storage: the template that each thread gets a copy of, and the callbacks run before the entry point.

IMAGE_TLS_DIRECTORY holds virtual addresses, not RVAs: where the template starts and ends, where the loader puts the
slot's index, and a list of callbacks that ends with a null; then how many zeros follow the template.

https://learn.microsoft.com/windows/win32/debug/pe-format#the-tls-section
Callbacks alone prove nothing, for the runtimes of MinGW, Rust and Visual C++ bring their own. What the callbacks do is
not handled.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Malformed, Said, View, frozen

TLS = 9  # the directory's index
CALLBACKS_TOLD = 256  # real images have below ten; the count goes on to CALLBACKS_MAX
CALLBACKS_MAX = 65_536  # a list that reaches this has no end worth knowing

_PE32 = struct.Struct("<6I")
_PE32_PLUS = struct.Struct("<4Q2I")
_ALIGN_SHIFT, _ALIGN_MASK = 20, 0xF
_STEP = 512  # pointers read at once
_MBC = ("B0001.029",)  # Debugger Detection: TLS Callbacks


class TLSCallback(NamedTuple):
    """A function that runs before the entry point, when the image is loaded and with each thread."""

    rva: int  # may be negative, where the address lies below the image base
    offset: int | None  # None: no byte of the file is mapped there
    section: int | None  # index


@frozen
class PETLS:
    """The TLS directory. Addresses are RVAs, None where the stored address is 0."""

    tag: ClassVar[str] = "pe_tls"
    raw_start: int | None
    raw_end: int | None
    raw_size: int  # bytes of the template, 0 where the range is inverted
    raw_offset: int | None
    index: int | None
    zero_fill: int  # bytes
    characteristics: int
    alignment: int | None  # bytes; None: not stated
    callback_list: int | None
    callback_count: int
    callbacks: tuple[TLSCallback, ...]  # the first CALLBACKS_TOLD


class PEThreadLocal:
    """Tells the TLS directory of an image."""

    name = "pe-tls"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """Kinds need none."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The directory, its callbacks, and what is wrong with them."""
        layout = hit.context
        if not isinstance(layout, Layout):
            raise Malformed(hit.offset, "a PE's layout")
        directory = next(iter(layout.headers.directories[TLS : TLS + 1]), None)
        if directory is None or not directory.rva:
            return
        memory = Memory(layout, hit.view)
        form = _PE32_PLUS if layout.headers.optional.magic == names.PE32_PLUS else _PE32
        start, end, index, list_at, zero_fill, characteristics = form.unpack(memory.exact(directory.rva, form.size))
        base = layout.headers.optional.image_base
        callbacks, count, ended = _callbacks(hit, memory, list_at - base, form) if list_at else ([], 0, True)
        align = characteristics >> _ALIGN_SHIFT & _ALIGN_MASK
        raw_at = layout.at(start - base) if start > base else None
        body = PETLS(
            raw_start=start - base if start else None,
            raw_end=end - base if end else None,
            raw_size=max(0, end - start),
            raw_offset=None if raw_at is None else hit.offset + raw_at,
            index=index - base if index else None,
            zero_fill=zero_fill,
            characteristics=characteristics,
            alignment=1 << align - 1 if align else None,
            callback_list=list_at - base if list_at else None,
            callback_count=count,
            callbacks=tuple(callbacks[:CALLBACKS_TOLD]),
        )
        at = layout.at(directory.rva)
        stored = min(form.size, layout.mapped(directory.rva)[1])
        place, size = (layout.headers.directories_at + 8 * TLS, 8) if at is None else (at, stored)
        yield hit.finding(place, size, body)
        if start > end or (end > start and not _mapped(layout, start - base, end - base)):
            proof = f"template from {start:#x} to {end:#x}, image base {base:#x}"
            yield hit.finding(place, size, Anomaly("tls_template_invalid", proof))
        yield from _anomalies(hit, layout, body, ended)


def _callbacks(hit: Hit, memory: Memory, rva: int, form: struct.Struct) -> tuple[list[TLSCallback], int, bool]:
    """The first callbacks, how many there are, and whether the list ends with a null."""
    width, code = (8, "Q") if form is _PE32_PLUS else (4, "I")
    layout = memory.layout
    base = layout.headers.optional.image_base
    told: list[TLSCallback] = []
    count, step = 0, 8  # most lists are short
    while rva >= 0 and count < CALLBACKS_MAX:
        data = memory.read(rva, step * width)
        pointers = struct.unpack(f"<{len(data) // width}{code}", data[: len(data) // width * width])
        hit.view.step(1 + len(pointers) // 16)
        stop = pointers.index(0) if 0 in pointers else len(pointers)
        for pointer in pointers[: min(stop, CALLBACKS_TOLD - len(told))]:
            at = layout.at(pointer - base) if pointer >= base else None
            section = layout.section_of(pointer - base) if pointer >= base else None
            told.append(TLSCallback(pointer - base, None if at is None else hit.offset + at, section))
        count += stop
        if stop < len(pointers):
            return told, count, True
        if len(pointers) < step:
            return told, count, False
        rva += len(data)
        step = _STEP
    return told, count, False


def _anomalies(hit: Hit, layout: Layout, body: PETLS, ended: bool) -> Iterator[Finding]:
    """Each reason once, with the first callback that gives it."""
    place, size = layout.headers.directories_at + 8 * TLS, 8
    if body.callback_list is not None and body.callback_list >= 0 and body.callbacks:
        width = 8 if layout.headers.optional.magic == names.PE32_PLUS else 4
        at, stored, _ = layout.mapped(body.callback_list)
        if stored:
            place, size = at, min(stored, len(body.callbacks) * width)
    if not ended:
        proof = f"list at RVA {body.callback_list:#x}: {body.callback_count} callbacks and no null behind them"
        yield hit.finding(place, size, Anomaly("tls_callbacks_endless", proof))
    reasons: dict[str, str] = {}
    seen: set[int] = set()
    for number, callback in enumerate(body.callbacks):
        where = f"callback {number} at RVA {callback.rva:#x}"
        if callback.section is None:
            if layout.knows_all_sections:
                reasons.setdefault("outside", f"{where} lies outside all sections")
        else:
            rights = layout.sections[callback.section].row.characteristics
            if not rights & names.MEM_EXECUTE:
                reasons.setdefault("data", f"{where} lies in section {callback.section}, not executable")
            elif rights & names.MEM_WRITE:
                reasons.setdefault("writable", f"{where} lies in section {callback.section}, writable")
        if callback.rva in seen:
            reasons.setdefault("loop", f"{where} is listed before")
        seen.add(callback.rva)
    if reasons:
        yield hit.finding(place, size, Anomaly("tls_callbacks", "; ".join(reasons.values()), mbc=_MBC))


def _mapped(layout: Layout, start: int, end: int) -> bool:
    """Whether both ends of the template lie where something is mapped, or in a section not known."""
    return not layout.knows_all_sections or (
        start >= 0 and layout.mapped(start)[2] > 0 and layout.mapped(max(start, end - 1))[2] > 0
    )
