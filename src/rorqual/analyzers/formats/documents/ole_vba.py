"""Macros of Office documents: the table of modules, and the compression of their source ([MS-OVBA] 2.3.4 and 2.4.1)."""

from collections.abc import Iterator
from typing import NamedTuple

from rorqual.sdk import Malformed

SIGNATURE = 1  # of a compressed container
CHUNK = 4096  # bytes, decompressed
MOST = 8 << 20  # decompressed bytes of the table of modules
CODEPAGE, VERSION, NAME, STREAM_NAME, OFFSET, END = 0x03, 0x09, 0x19, 0x1A, 0x31, 0x2B


class Module(NamedTuple):
    """A module: its stream, and where in it the source begins."""

    name: str
    stream: str
    offset: int


def decompressed(parts: Iterator[bytes], offset: int) -> Iterator[bytes]:
    """The source in a compressed container.

    Raises:
        Malformed: it breaks off.
    """
    held = bytearray()
    for part in parts:
        held += part
        if len(held) > 1:
            break
    if held[:1] != bytes([SIGNATURE]):
        raise Malformed(offset, "a compressed container")
    at = 1
    ended = False
    while True:
        while not ended and len(held) < at + 2 + CHUNK:
            part = next(parts, b"")
            held += part
            ended = not part
        if len(held) < at + 2:
            return
        header = int.from_bytes(held[at : at + 2], "little")
        size = (header & 0xFFF) + 3
        if header >> 12 & 7 != 3:
            return  # what follows is no chunk: the stream has bytes behind its source
        chunk = bytes(held[at + 2 : at + size])
        yield _chunk(chunk, offset) if header & 0x8000 else chunk[:CHUNK]
        if len(chunk) < size - 2:
            raise Malformed(offset, "the end of a compressed chunk")
        del held[: at + size]
        at = 0


def _chunk(data: bytes, offset: int) -> bytes:
    """A chunk of literals and copies; how a copy's 16 bits are parted depends on how much there is to copy from."""
    out = bytearray()
    at = 0
    while at < len(data):
        flags = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                break
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            token = int.from_bytes(data[at : at + 2], "little")
            at += 2
            width = max(4, (len(out) - 1).bit_length())
            length = (token & 0xFFFF >> width) + 3
            back = (token >> (16 - width)) + 1
            if back > len(out) or len(out) + length > CHUNK:
                raise Malformed(offset, "a copy of what there is")
            for _ in range(length):
                out.append(out[-back])
    return bytes(out)


def modules(table: bytes) -> list[Module]:
    """The modules that the decompressed "dir" stream names."""
    made: list[Module] = []
    name = stream = ""
    code_page = "cp1252"
    at = 0
    while at + 6 <= len(table):
        kind = int.from_bytes(table[at : at + 2], "little")
        size = int.from_bytes(table[at + 2 : at + 6], "little")
        size = 6 if kind == VERSION else size  # 2.3.4.2.1.10: the field says 4
        data = table[at + 6 : at + 6 + size]
        at += 6 + size
        if kind == CODEPAGE and len(data) == 2:
            code_page = f"cp{int.from_bytes(data, 'little')}"
        elif kind == NAME:
            name = _decoded(data, code_page)
        elif kind == STREAM_NAME:
            stream = _decoded(data, code_page)
        elif kind == OFFSET and len(data) == 4:
            made.append(Module(name or stream, stream or name, int.from_bytes(data, "little")))
        elif kind == END:
            name = stream = ""
    return made


def _decoded(data: bytes, code_page: str) -> str:
    try:
        return data.decode(code_page, "replace")
    except LookupError:
        return data.decode("latin-1")
