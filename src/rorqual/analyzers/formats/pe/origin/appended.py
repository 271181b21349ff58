"""What is proven from the end of a file, or from a word inside it: PyInstaller's archive, Nuitka's, Electron's fuses.

PyInstaller: PyInstaller/archive/writers.py (https://github.com/pyinstaller/pyinstaller). Electron: the fuse wire,
https://github.com/electron/fuses. Nuitka: nuitka/build/static_src/OnefileBootstrap.c.
"""

import re
import struct
from collections.abc import Iterator

from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.origin.signs import RUNTIME, Sign
from rorqual.sdk import View

COOKIE_REACH = 8 << 10  # bytes from the end searched for a cookie: the bootloader reads as much at once
_COOKIE = struct.Struct(">8sIIII64s")
_MAGIC = b"MEI\x0c\x0b\x0a\x0b\x0e"
_ENTRY = struct.Struct(">IIIIBc")
_TYPES = b"bdlmnoMsxzZD"
_FUSES = re.compile(rb"dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01([\x01-\x40])")
_STATES = frozenset(b"01r\x90")


def appended(view: View, layout: Layout, end: int) -> Iterator[Sign]:
    """What the last bytes prove, or those before the certificates; `view` begins with the image and ends at `end`."""
    ends = [end, *(part.at for part in layout.parts if part.name == "certificates" and part.sound)]
    for stop in dict.fromkeys(ends):
        start = max(layout.end, stop - COOKIE_REACH)
        data = view.read(start, stop - start) if stop > start else b""
        at = data.rfind(_MAGIC)
        if at >= 0 and len(data) >= at + _COOKIE.size:
            yield from _pyinstaller(view, data[at : at + _COOKIE.size], start + at)
        yield from _nuitka(view, data[-8:], stop, layout.end)


def _pyinstaller(view: View, cookie: bytes, at: int) -> Iterator[Sign]:
    _, size, toc, toc_size, python, library = _COOKIE.unpack(cookie)
    start = at + _COOKIE.size - size
    if start < 0 or toc + toc_size > size or toc_size < _ENTRY.size:
        return
    length, place, packed, _, flag, kind = _ENTRY.unpack(view.read(start + toc, _ENTRY.size).ljust(_ENTRY.size, b"\0"))
    if not _ENTRY.size < length <= toc_size or place + packed > toc or flag > 1 or kind not in _TYPES:
        return
    version = f"{python // 100}.{python % 100}" if python >= 100 else f"{python // 10}.{python % 10}"
    name = library.split(b"\0")[0].decode("ascii", "backslashreplace")
    proof = f"archive of {size} bytes at {start:#x}, its table of contents sound; Python {version}, {name}"
    yield Sign("PyInstaller", RUNTIME, None, proof, at, _COOKIE.size)


def _nuitka(view: View, last: bytes, end: int, least: int) -> Iterator[Sign]:
    """The last eight bytes say where the payload begins."""
    start = int.from_bytes(last, "little")
    if len(last) == 8 and least <= start < end - 8:
        head = view.read(start, 7)
        if head.startswith(b"KAX") or head == b"KAY\x28\xb5\x2f\xfd":
            proof = f"onefile payload from {start:#x}, as the last eight bytes say"
            yield Sign("Nuitka", RUNTIME, None, proof, start, len(head))


def fused(view: View) -> Iterator[Sign]:
    """The fuse wire: the word, a version, a count, and a state for each fuse."""
    head = view.read(0, 34 + 64)
    wire = _FUSES.match(head)
    if wire is None:
        return
    states = head[34 : 34 + wire[1][0]]
    if len(states) == wire[1][0] and _STATES.issuperset(states):
        proof = f"fuse wire 1 of {len(states)} fuses: {states.decode('latin-1')}"
        yield Sign("Electron", RUNTIME, None, proof, 0, 34 + len(states))
