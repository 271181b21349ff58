"""Flattened device trees: a header, reserved memory, a structure of tokens, strings. Big-endian.

https://github.com/devicetree-org/devicetree-specification, chapter 5. U-Boot's FIT images are such trees: the "data" of
their nodes become children.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

HEADER = 40
BEGIN, FINISH, PROPERTY, NOTHING, END = 1, 2, 3, 4, 9  # tokens
MOST = 200_000  # tokens
LARGEST = 64 << 20  # bytes of a tree
LEAST_DATA = 64  # bytes of a "data" property that is a child
LONGEST = 256


@frozen
class DeviceTree:
    """A tree; the finding has its size."""

    tag: ClassVar[str] = "device_tree"
    version: int
    size: int  # bytes
    model: str
    compatible: str
    description: str  # of FIT images
    nodes: int
    properties: int


class DTB:
    """Finds trees anywhere."""

    name = "dtb"
    version = 1
    wakes_on = (Anchor(rb"\xd0\x0d\xfe\xed[\x00-\x03][\x00-\xff]{3}\x00[\x00-\xff]{3}\x00[\x00-\xff]{3}"),)

    def score(self, view: View, /) -> int:
        """A version that is in use, compatible with 16."""
        return int(
            view.read(20, 8)[:4] in (b"\0\0\0\x10", b"\0\0\0\x11") and view.read(24, 4) in (b"\0\0\0\x10", b"\0\0\0\2")
        )

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        size, structure, strings, reserved, version, _, _, string_size, structure_size = struct.unpack_from(
            ">9I", head, 4
        )
        parts = sorted([(structure, structure_size), (strings, string_size)])
        if size > LARGEST or reserved < HEADER or any(at < HEADER or at + length > size for at, length in parts):
            raise Malformed(view.offset + 4, "blocks that lie in the tree")
        view.exact(size - 1, 1)
        texts: dict[str, str] = {}
        nodes = properties = 0
        data: list[tuple[str, int, int]] = []
        names = view.exact(strings, string_size)
        path: list[str] = []
        at, end = structure, structure + structure_size
        for _ in range(MOST):
            view.step()
            token = int.from_bytes(view.exact(at, 4), "big")
            at += 4
            if token == BEGIN:
                name = view.read(at, LONGEST).split(b"\0")[0]
                path.append(name.decode("latin-1"))
                nodes += 1
                at = _up(at + len(name) + 1)
            elif token == FINISH and path:
                path.pop()
            elif token == PROPERTY and path:
                length, place = struct.unpack(">II", view.exact(at, 8))
                name = names[place : place + 64].split(b"\0")[0]
                properties += 1
                if name == b"data" and length >= LEAST_DATA and at + 8 + length <= end:
                    data.append(("/".join(path).lstrip("/"), at + 8, length))
                elif len(path) == 1 and name in (b"model", b"compatible", b"description"):
                    texts[name.decode()] = (
                        view.read(at + 8, min(length, LONGEST)).split(b"\0")[0].decode("utf-8", "replace")
                    )
                at = _up(at + 8 + length)
            elif token == END:
                break
            elif token != NOTHING:
                raise Malformed(view.offset + at - 4, "a token")
            if at > end:
                raise Malformed(view.offset + at, "tokens that lie in the structure")
        if path or not nodes:
            raise Malformed(view.offset + at, "nodes that end")
        body = DeviceTree(
            version,
            size,
            texts.get("model", ""),
            texts.get("compatible", ""),
            texts.get("description", ""),
            nodes,
            properties,
        )
        yield hit.finding(0, size, body)
        yield Extent(0, size, "dtb", f"{nodes} nodes parse to the end of the structure")
        for name_, place, length in data:
            yield Region(place, length, "device-tree-data", Codec("dtb", None), name=name_ or None)
        done = HEADER
        for start, length in [*sorted([(reserved, _reserved(view, reserved)), *parts]), (size, 0)]:
            if start > done:
                yield from room(hit, done, start - done, "dtb", "slack")
            done = max(done, start + length)


def _up(at: int) -> int:
    return -(-at // 4) * 4


def _reserved(view: View, at: int) -> int:
    """Bytes of the reservations, up to the pair of zeros."""
    size = 16
    while any(view.read(at + size - 16, 16)) and size < 1 << 16:
        size += 16
    return size
