"""The parts of an image that filler may lie in, and what explains bytes that look drawn though they are a payload."""

from bisect import bisect_left, bisect_right
from itertools import islice
from typing import NamedTuple

from rorqual.analyzers.bloat import payloads
from rorqual.analyzers.bloat.bodies import BETWEEN, OVERLAY, RESOURCE, SECTION, SECTION_END, SLACK
from rorqual.analyzers.bloat.streams import Ends
from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.layout import PAGE, SECTOR, Layout, Section
from rorqual.analyzers.formats.pe.resources.resource_leaf import Leaf
from rorqual.analyzers.formats.pe.resources.resource_names import RESOURCE as RESOURCES
from rorqual.analyzers.formats.pe.resources.resource_tree import Tree
from rorqual.analyzers.formats.type import identify
from rorqual.analyzers.formats.type_head import Head
from rorqual.sdk import Hit, Malformed, View

LEAF_LEAST = 1 << 16  # bytes of a resource that filler is looked for in
LEAVES_MAX = 4096  # rows of the tree looked at
CLAIM = 0.7  # confidence of a format that ends drawn bytes
NEAR = 1 << 16  # around a payload in which installers put their marks
AHEAD = 48  # bytes around a likely border in which the start of a format is the border
_DIRECTORY_END = 22  # of a ZIP, without its remark
_DIRECTORY_END_MAX = _DIRECTORY_END + 0xFFFF
SNAP = 8  # bytes between a likely border and the one it is: the last drawn may look like what is beside
SAME = 64  # bytes by which a size that is written down may differ from what it is the size of


class Part(NamedTuple):
    """A stretch of the image: `unit` is where what it belongs to begins and ends."""

    start: int
    end: int
    where: str
    section: Section | None
    unit: tuple[int, int]


class Places:
    """The image at the source's start."""

    def __init__(self, hit: Hit, layout: Layout, size: int) -> None:
        self._view = hit.view
        self._layout = layout
        self._size = size
        self.end = min(layout.claimed_end, size)
        self._sections = sorted((one for one in layout.sections if one.present), key=lambda one: one.at)
        self._leaves = sorted(_leaves(hit, layout))
        borders = {0, size, layout.end, self.end, layout.headers_end}
        for one in self._sections:
            borders |= {one.at, one.end, self._mapped_end(one)}
        for leaf in self._leaves:
            borders |= {leaf[0], leaf[1]}
        for part in layout.parts:
            if part.sound:
                borders |= {part.at, part.end}
        self._borders = sorted(border for border in borders if border <= size)

    def snapped(self, at: int) -> int:
        """The border of a part that is near `at`, else the sector's, else `at`."""
        index = bisect_right(self._borders, at)
        sector = (at + SECTOR // 2) // SECTOR * SECTOR
        near = min([*self._borders[max(0, index - 1) : index + 1], sector], key=lambda one: abs(one - at))
        return near if abs(near - at) <= SNAP else at

    def parts(self, start: int, end: int) -> list[Part]:
        """Bytes `start` to `end` by what they belong to."""
        first, last = bisect_right(self._borders, start), bisect_left(self._borders, end)
        cuts = [start, *self._borders[first:last], end]
        self._view.step(len(cuts) * (1 + (len(self._sections) + len(self._leaves)) // 8))
        parts: list[Part] = []
        for one, next_one in zip(cuts, cuts[1:], strict=False):
            part = self._part(one, next_one)
            if parts and parts[-1].where == part.where and parts[-1].unit == part.unit:
                part = part._replace(start=parts.pop().start)
            parts.append(part)
        return parts

    def explained(self, part: Part) -> bool:
        """Whether something says that these bytes are a payload: code, a format, a size written down."""
        section, (first, last) = part.section, part.unit
        if section is not None and part.where in (SECTION, SECTION_END):
            entry = self._layout.section_of(self._layout.headers.optional.entry_point)
            if section.row.characteristics & names.MEM_EXECUTE or entry == section.number:
                return True  # packed
        ends = Ends(last, part.end)
        if payloads.begins(self._view, first, ends):
            return True
        before = max(first, part.start - NEAR)
        head = self._view.read(before, part.start + SAME - before)
        if payloads.near(self._view, head, before, ends) or payloads.closed(self._view, first, part.end):
            return True
        if _is_lzma(self._view.read(first, SAME + PAGE)):
            return True
        written = self._view.read(first, SAME), self._view.read(max(first, last - SAME), SAME)
        sizes = (last - first, part.end - part.start, first)
        return any(
            abs(int.from_bytes(data[at : at + 4], "little") - size) <= SAME
            for data in written
            for at in range(len(data) - 3)
            for size in sizes
            if size > PAGE
        )

    def _part(self, start: int, end: int) -> Part:
        if start >= self.end:
            return Part(start, end, OVERLAY, None, (self.end, self._size))
        for section in self._sections:
            if not section.at <= start < section.end:
                continue
            for at, leaf_end in self._leaves:
                if at <= start and end <= leaf_end:
                    return Part(start, end, RESOURCE, section, (at, leaf_end))
            if start >= self._mapped_end(section):
                return Part(start, end, SLACK, section, (self._mapped_end(section), section.end))
            last = is_end(self._view, end, min(section.end, self._mapped_end(section)))
            return Part(start, end, SECTION_END if last else SECTION, section, (section.at, section.end))
        return Part(start, end, BETWEEN, None, (start, end))

    def _mapped_end(self, section: Section) -> int:
        """Where the loader stops reading its bytes."""
        size = section.row.virtual_size
        return min(section.end, section.at + -(-size // PAGE) * PAGE) if size else section.end


def is_end(view: View, at: int, end: int) -> bool:
    """Whether nothing but the zeros of an alignment lies between."""
    return at >= end or (end - at < PAGE and not any(view.read(at, end - at)))


def _leaves(hit: Hit, layout: Layout) -> list[tuple[int, int]]:
    """(at, end) of the larger resources."""
    directories = layout.headers.directories
    if len(directories) <= RESOURCES or not directories[RESOURCES].rva:
        return []
    try:
        walk = Tree(hit, layout, directories[RESOURCES].rva).leaves()
        found = [one for one in islice(walk, LEAVES_MAX) if isinstance(one, Leaf) and one.present >= LEAF_LEAST]
    except Malformed:
        return []
    return [(leaf.at, leaf.at + leaf.present) for leaf in found]


def _is_lzma(data: bytes) -> bool:
    """Whether a bare LZMA stream begins within the first bytes, behind whatever header.

    Its first byte is 0. Random bytes soon ask for a match farther back than there is anything.
    """
    import lzma  # noqa: PLC0415 - few files have anything to try it on

    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20, "lc": 3, "lp": 0, "pb": 2}]
    for at in range(SAME):
        if data[at : at + 1] == b"\0" and len(data) - at >= PAGE:
            try:
                made = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters).decompress(data[at:], PAGE)
            except lzma.LZMAError:
                continue
            if made and any(made):
                return True
    return False


def foreign(view: View, start: int, end: int, *, size: int, claims: tuple[tuple[int, int, str], ...]) -> int:
    """Where drawn bytes from `start` to `end` meet something else: what others claim, a ZIP, the start of a format.

    What is packed well looks drawn too, so the counts alone would take it for filler.
    """
    claimed = (at for at, _, format_id in claims if start < at < end and not format_id.startswith("pe-"))
    end = min(end, next(claimed, end), _zip_at(view, size) or end)
    if end < size:
        for at in range(max(start, end - AHEAD), min(size, end + AHEAD)):
            view.step()
            if format_at(view, at) is not None:
                return at
    return end


def _zip_at(view: View, size: int) -> int | None:
    """Where a ZIP that ends the source begins (APPNOTE 4.3.16)."""
    first = max(0, size - _DIRECTORY_END_MAX)
    tail = view.read(first, size - first)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _DIRECTORY_END:
        return None
    directory, offset = (int.from_bytes(tail[at + 12 + 4 * n :][:4], "little") for n in range(2))
    head = view.read(first + at - directory, 46)
    for start in (first + at - directory - offset, int.from_bytes(head[42:46], "little")):
        if head.startswith(b"PK\x01\x02") and view.read(start, 4) == b"PK\x03\x04":
            return start
    return None


def format_at(view: View, at: int) -> str | None:
    """What the bytes at `at` begin as."""
    guess = identify(Head(view.sub(at)))
    return guess.format if guess.confidence >= CLAIM else None
