"""Photoshop images, PSD and PSB: a header, four sections of a stated size, rows of the merged image; big-endian.

https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/. The end is that of the image data, from the counts of
bytes of its rows. Layers are not looked into.
"""

from collections.abc import Iterator
from typing import ClassVar
from zlib import decompressobj, error

from rorqual.analyzers.formats.images.psd_resources import THUMBNAIL_HEADER, THUMBNAILS, resources
from rorqual.analyzers.formats.images.walking import Found, as_it_is
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

MODES = {0: "bitmap", 1: "grey", 2: "indexed", 3: "rgb", 4: "cmyk", 7: "multichannel", 8: "duotone", 9: "lab"}
RAW, RLE, ZIP, ZIP_PREDICTED = range(4)
HEADER = 26
READ = 64 << 10
CEILING = 1 << 40
STEP = 16  # decoded bytes that cost as much as one read


@frozen
class PSDImage:
    """An image; the finding spans its sections, as far as they are there."""

    tag: ClassVar[str] = "psd_image"
    psb: bool
    width: int
    height: int
    channels: int
    depth: int
    mode: str
    resources: int
    layers: int  # bytes of layers and masks


class PSD:
    """Finds Photoshop images anywhere."""

    name = "psd"
    version = 1
    wakes_on = (Anchor(rb"8BPS\x00[\x01\x02]\x00\x00\x00\x00\x00\x00\x00[\x01-\x38]"),)

    def score(self, view: View, /) -> int:
        """A depth and a mode that there are."""
        head = view.read(0, HEADER)
        return int(len(head) == HEADER and head[23] in (1, 8, 16, 32) and head[25] in MODES)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found = hit.view, Found("psd", lead=13)
        head = view.exact(0, HEADER)
        psb, channels = head[5] == 2, head[13]
        height, width = int.from_bytes(head[14:18], "big"), int.from_bytes(head[18:22], "big")
        if not 0 < width <= 300_000 or not 0 < height <= 300_000:
            raise Malformed(hit.offset + 14, "sides of 1 to 300,000")
        begins, ends = _section(view, HEADER, 4)
        if head[25] not in (2, 8):
            found.room(begins, ends - begins, "private")
        begins, ends = _section(view, ends, 4)
        count, at = 0, begins
        for one in resources(view, begins, ends):
            count, at = count + 1, one.end
            found.room(one.at, one.size, "metadata" if 1000 <= one.number <= 10_999 else "private")
            if one.number in THUMBNAILS:
                thumbnail = one.size - THUMBNAIL_HEADER
                found.child(as_it_is(one.at + THUMBNAIL_HEADER, max(0, thumbnail), "psd-thumbnail"))
        if at < ends:
            found.room(at, ends - at, "slack")
        begins, ends = _section(view, ends, 8 if psb else 4)
        row = (width * head[23] + 7) // 8
        end = _image_end(view, ends, row, height * channels, 4 if psb else 2)
        present = view.within(0, end)
        yield hit.finding(
            0, present, PSDImage(psb, width, height, channels, head[23], MODES[head[25]], count, ends - begins)
        )
        if present == end:
            yield Extent(0, end, "psd", f"sections and {height * channels} rows lead to the end")
        yield from found.said(hit)


def _section(view: View, at: int, width: int) -> tuple[int, int]:
    """Where a section's content begins and ends."""
    size = int.from_bytes(view.exact(at, width), "big")
    if size > CEILING or (size and not view.holds(at + width + size - 1)):
        raise Malformed(view.offset + at, f"a section of {size} bytes")
    return at + width, at + width + size


def _image_end(view: View, at: int, row: int, rows: int, width: int) -> int:
    """Where the image data ends, which begin with their compression."""
    method = int.from_bytes(view.exact(at, 2), "big")
    at += 2
    if method == RAW:
        return at + row * rows
    if method == RLE:
        total, counts = 0, rows * width
        for start in range(0, counts, READ):
            view.step()
            data = view.exact(at + start, min(READ, counts - start))
            # The sum of big-endian numbers is that of their bytes by place.
            total += sum(sum(data[place::width]) << 8 * (width - 1 - place) for place in range(width))
        first = int.from_bytes(view.read(at, width), "big")
        if rows and _unpacked(view.read(at + counts, min(first, READ))) != row and first < READ:
            raise Malformed(view.offset + at + counts, f"a first row of {row} bytes")
        return at + counts + total
    if method in (ZIP, ZIP_PREDICTED):
        return _deflated_end(view, at)
    raise Malformed(view.offset + at - 2, "a compression of 0 to 3")


def _unpacked(data: bytes) -> int:
    """How many bytes the runs of a row make (PackBits)."""
    at, made = 0, 0
    while at < len(data):
        code = data[at]
        many = code + 1 if code < 128 else 257 - code if code > 128 else 0
        at += 1 + (many if code < 128 else 1 if code > 128 else 0)
        made += many
    return made


def _deflated_end(view: View, at: int) -> int:
    stream = decompressobj()
    while not stream.eof:
        data = view.read(at, READ)
        if not data:
            raise Malformed(view.offset + at, "the end of the image data")
        at += len(data)
        while data and not stream.eof:
            try:
                piece = stream.decompress(data, READ)
            except error as why:
                raise Malformed(view.offset + at - len(data), f"image data ({why})") from why
            view.step(len(piece) // STEP + 1)
            data = stream.unconsumed_tail
    return at - len(stream.unused_data)
