"""Icon groups of a PE image: the sizes in which an icon is there, and digests by which it is known again.

A resource of type GROUP_ICON is a header of 6 bytes and rows of 14: width, height, colours, planes, bits, bytes and the
number of a resource of type ICON, which is a bitmap without file header or a PNG.

https://devblogs.microsoft.com/oldnewthing/20120720-00/?p=7083
Cursors, which are built alike, and loose ICON resources are not handled; nothing is drawn, so digests are of bytes.
"""

import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.pe.resources.ranges import Ranges
from rorqual.analyzers.formats.pe.resources.resource_leaf import Leaf
from rorqual.analyzers.formats.pe.resources.resource_names import GROUP_ICON, ICON
from rorqual.analyzers.formats.pe.resources.resource_tree import tree_of
from rorqual.sdk import Anchor, Anomaly, Hit, Kind, RangeDigest, Said, View, frozen

GROUPS_TOLD = 1024  # shell32.dll has some 300
ICONS_KEPT = 8192  # that groups may name; imageres.dll has some 5,000
ROWS = 256  # icons of a group that are told; honest ones have at most 20
LIES_TOLD = 8  # of each name

_HEAD = struct.Struct("<HHH")  # reserved, type, count
_ROW = struct.Struct("<BBBBHHIH")
_ICON_TYPE = 1
_MEASURES = ("md5", "sha256")
_PNG = b"\x89PNG\r\n\x1a\n"


class IconRow(NamedTuple):
    """An icon of a group: what the group says of it, and where it is."""

    width: int  # pixels: 256 is stored as 0
    height: int
    colors: int  # 0: more than 8 bits can count
    bit_depth: int
    data_size: int  # bytes, as the group says
    id: int  # the name of the ICON resource
    offset: int | None  # None: there is no such resource, or it is not in the file
    present: int  # bytes of it in the file
    png: bool


@frozen
class PEIconGroup:
    """A group; the finding spans it. The digests are those of the largest icon's bytes: by pixels, depth and bytes."""

    tag: ClassVar[str] = "pe_icon_group"
    name: str | None
    language: str | None
    language_id: int | None
    number_of_icons: int  # as declared
    icons: tuple[IconRow, ...]  # 256 at most
    largest: int | None  # index of the one that the digests are of
    same_icon_as: int | None = None  # offset of a group told before, whose digests are of the same bytes
    md5: str | None = None
    sha256: str | None = None


class PEIconsProbe:
    """Icon groups of each PE image."""

    name = "pe-icons"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """The announcing probe has judged."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """Each group with its icons; bytes that are the largest icon of several are measured once."""
        tree = tree_of(hit)
        if tree is None:
            return
        icons: dict[int, dict[int | None, Leaf]] = {}  # by number and language
        groups: list[Leaf] = []
        kept = 0
        for one in tree.leaves(frozenset({ICON, GROUP_ICON})):
            if not isinstance(one, Leaf) or not one.present:
                continue
            if one.kind == GROUP_ICON:
                if len(groups) == GROUPS_TOLD:
                    proof = f"{GROUPS_TOLD} icon groups are told, this is one more"
                    yield hit.finding(one.at, one.present, Anomaly("icon_groups_not_told", proof))
                    break
                groups.append(one)
            elif len(one.path) > 1 and isinstance(one.path[1], int) and kept < ICONS_KEPT:
                kept += 1
                icons.setdefault(one.path[1], {}).setdefault(one.language_id, one)
        yield from _told(hit, groups, icons)


def _told(hit: Hit, leaves: list[Leaf], icons: dict[int, dict[int | None, Leaf]]) -> Iterator[Said]:
    measured: dict[tuple[int, int], int] = {}
    taken = Ranges()
    wrong = 0
    for leaf in leaves:
        hit.view.step()
        group, lies = _group(hit, leaf, icons)
        for name, proof in lies:
            wrong += 1
            if wrong <= LIES_TOLD:
                yield hit.finding(leaf.at, leaf.present, Anomaly(name, proof))
        if group is None:
            continue
        finding = hit.finding(leaf.at, leaf.present, group)
        largest = None if group.largest is None else group.icons[group.largest]
        if largest is None or largest.offset is None:
            yield finding
            continue
        place = largest.offset, largest.present
        if place in measured:
            yield replace(finding, body=replace(group, same_icon_as=measured[place]))
        elif taken.take(largest.offset, largest.offset + largest.present):
            measured[place] = finding.offset
            yield RangeDigest(finding, (place,), _MEASURES)
        else:
            yield finding  # icons that share some of their bytes: nothing but a forger writes them


def _group(
    hit: Hit, leaf: Leaf, icons: dict[int, dict[int | None, Leaf]]
) -> tuple[PEIconGroup | None, list[tuple[str, str]]]:
    data = hit.view.read(leaf.at, min(leaf.present, _HEAD.size + ROWS * _ROW.size))
    if len(data) < _HEAD.size:
        return None, [("icon_group_invalid", f"{len(data)} bytes, less than a header")]
    reserved, kind, count = _HEAD.unpack_from(data)
    if reserved or kind != _ICON_TYPE:
        return None, [("icon_group_invalid", f"reserved {reserved}, type {kind}")]
    whole = (len(data) - _HEAD.size) // _ROW.size
    lies: list[tuple[str, str]] = []
    if count > whole:
        lies.append(("icon_group_cut", f"{count} icons declared, {whole} rows read"))
    end = _HEAD.size + min(whole, count) * _ROW.size
    rows = tuple(_icon(hit, leaf, icons, values) for values in _ROW.iter_unpack(data[_HEAD.size : end]))
    missing = [row.id for row in rows if row.offset is None]
    if missing:
        lies.append(("icon_missing", f"{len(missing)} of {len(rows)} icons are not there: {missing[:4]}"))
    there = [(row.width * row.height, row.bit_depth, row.present, -n) for n, row in enumerate(rows) if row.present]
    largest = -max(there)[-1] if there else None
    return PEIconGroup(leaf.name, leaf.language, leaf.language_id, count, rows, largest), lies


def _icon(hit: Hit, group: Leaf, icons: dict[int, dict[int | None, Leaf]], values: tuple[int, ...]) -> IconRow:
    width, height, colors, _, _, bits, size, number = values
    found = icons.get(number, {})
    icon = found.get(group.language_id) or next(iter(found.values()), None)
    offset = None if icon is None else hit.offset + icon.at
    png = icon is not None and hit.view.read(icon.at, min(icon.present, 8)) == _PNG
    present = 0 if icon is None else icon.present
    return IconRow(width or 256, height or 256, colors, bits, size, number, offset, present, png)
