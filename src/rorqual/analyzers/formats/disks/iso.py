"""ISO 9660 volumes: 16 sectors that belong to the system, then descriptors of 2,048 bytes ("CD001"), directories and
files. Joliet and Rock Ridge give other names to the same files; El Torito lists boot images.

ECMA-119, https://ecma-international.org/publications-and-standards/standards/ecma-119/. Not handled: raw sectors of
2,352 bytes, interleaved files, High Sierra, zisofs (its files are children as they are stored), what only UDF lists.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.disks import iso_records
from rorqual.analyzers.formats.disks.iso_records import DESCRIPTORS, FIRST_DESCRIPTOR, SECTOR, BootImage, Record
from rorqual.analyzers.formats.disks.iso_tree import MAGIC, Walk, path_tables, rocky, rows, skipped, tree
from rorqual.sdk import Anchor, Anomaly, Codec, Extent, Finding, Hit, Malformed, Region, Said, View, frozen

MOST_GAPS = 2000  # rooms looked for


@frozen
class ISOVolume:
    """A volume; the finding spans what is there of it."""

    tag: ClassVar[str] = "iso_volume"
    volume: str
    system: str
    publisher: str
    preparer: str
    application: str
    created: str | None
    modified: str | None
    block_size: int  # bytes
    blocks: int
    present: int  # bytes of it that are there
    joliet: bool
    rock_ridge: bool
    udf: bool
    files: int
    directories: int
    boot_images: int


class ISO:
    """Finds volumes by their primary descriptor, in the 17th sector."""

    name = "iso"
    version = 1
    wakes_on = (Anchor(rb"\x01CD001\x01", back=MAGIC),)

    def score(self, view: View, /) -> int:
        """A block size that exists and a root record of the only length it may have."""
        head = view.read(MAGIC + 128, 29)
        return int(len(head) == 29 and head[:2] in (b"\0\x02", b"\0\x04", b"\0\x08", b"\0\x10") and head[28] == 34)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        primary = view.exact(MAGIC, SECTOR)
        block_size = int.from_bytes(primary[128:130], "little")
        walk = Walk(view, block_size)
        root = _root(view, primary, block_size)
        joliet, boot, udf = None, None, False
        for number in range(FIRST_DESCRIPTOR, FIRST_DESCRIPTOR + DESCRIPTORS):
            data = view.read(number * SECTOR, SECTOR)
            udf = udf or data[1:6] in iso_records.UDF
            if data[1:6] != b"CD001":
                if data[1:6] not in (b"BEA01", b"TEA01", *iso_records.UDF):
                    break
                continue
            walk.used.append((number * SECTOR, (number + 1) * SECTOR, False))
            if data[0] == iso_records.SUPPLEMENTARY and data[88:91] in iso_records.JOLIET:
                joliet = _root(view, data, block_size)
            elif data[0] == iso_records.BOOT and data[7:30] == b"EL TORITO SPECIFICATION":
                boot = int.from_bytes(data[71:75], "little")
            if data[0] in (iso_records.PRIMARY, iso_records.SUPPLEMENTARY):
                path_tables(walk, data)
        walk.skip = skipped(view, root, block_size)
        for top, wide in (
            ((joliet, True), (root, False)) if joliet and not rocky(walk, root) else ((root, False), (joliet, True))
        ):
            if top is not None:
                yield from tree(hit, walk, top, wide=wide)
        for table in walk.rows.rest():
            yield rows(hit, *table)
        images = list(iso_records.boot_images(view, boot * block_size)) if boot else []
        if boot and images:
            walk.used.append((boot * block_size, boot * block_size + SECTOR, False))
        yield from _boot(walk, images)
        yield from self._whole(hit, walk, primary, joliet=joliet is not None, udf=udf, images=len(images))

    def _whole(self, hit: Hit, walk: Walk, primary: bytes, *, joliet: bool, udf: bool, images: int) -> Iterator[Said]:
        view, block_size = hit.view, walk.block_size
        blocks = int.from_bytes(primary[80:84], "little")
        size, referenced = blocks * block_size, max(end for _, end, _ in walk.used)
        whole = -(-referenced // SECTOR) * SECTOR
        present = view.within(0, max(size, whole))
        body = ISOVolume(
            volume=_text(primary[40:72]),
            system=_text(primary[8:40]),
            publisher=_text(primary[318:446]),
            preparer=_text(primary[446:574]),
            application=_text(primary[574:702]),
            created=iso_records.long_date(primary[813:830]),
            modified=iso_records.long_date(primary[830:847]),
            block_size=block_size,
            blocks=blocks,
            present=min(present, size),
            joliet=joliet,
            rock_ridge=walk.rock_ridge,
            udf=udf,
            files=walk.files,
            directories=len(walk.directories),
            boot_images=images,
        )
        yield hit.finding(0, min(present, size) or present, body)
        if int.from_bytes(primary[84:88], "big") != blocks:
            walk.contradiction = "volume space size: its two byte orders differ"
        if walk.contradiction:
            yield hit.finding(MAGIC, SECTOR, Anomaly("byte_orders_differ", walk.contradiction))
        if referenced > size:
            proof = f"{size} bytes by its descriptor, files to {referenced}"
            yield hit.finding(MAGIC + 80, 8, Anomaly("volume_ends_before_its_files", proof))
        elif present < size and present >= referenced:
            proof = f"{size} bytes by its descriptor, {present} there, files to {referenced}"
            yield hit.finding(MAGIC + 80, 8, Anomaly("volume_ends_after_the_source", proof))
        if present < referenced:
            return
        size = min(present, max(size, whole if referenced > size else 0))
        yield Extent(0, size, "iso", "descriptors, directories and all files lie in the volume", f"fixed {MAGIC + 1}")
        yield from room(hit, 0, MAGIC, "iso", "preamble")
        if primary[883:1395].strip(b" \0"):  # spaces are how some writers leave it empty
            yield from room(hit, MAGIC + 883, 512, "iso", "private")
        yield from _gaps(hit, walk.used, size)


def _root(view: View, descriptor: bytes, block_size: int) -> Record:
    """The root directory's record, whose extent begins with a record of itself."""
    root = iso_records.record(descriptor[156:190])
    if root is None or not root.is_directory:
        raise Malformed(view.offset + MAGIC + 156, "a root directory's record")
    own = next(iso_records.records(view.read(root.block * block_size, SECTOR)), None)
    if own is None or own[1].name != b"\0" or own[1].block != root.block:
        raise Malformed(view.offset + root.block * block_size, "a root directory that begins with itself")
    return root


def _boot(walk: Walk, images: list[BootImage]) -> Iterator[Said]:
    starts = {start for start, _ in walk.told}
    for image in images:
        at = image.block * walk.block_size
        present = walk.view.within(at, image.size)
        if present:
            walk.used.append((at, at + present, True))
        if present and at not in starts:
            starts.add(at)
            yield Region(at, present, "iso-boot-image", Codec("iso-boot", None), name=f"boot image ({image.media})")


def _gaps(hit: Hit, used: list[tuple[int, int, bool]], size: int) -> Iterator[Finding]:
    """Room between what is referenced: slack behind a file to the end of its sector, or sectors of nobody."""
    at, slack, looked = MAGIC, False, 0
    for start, end, file in [*sorted(used), (size, size, False)]:
        if start > at:
            border = min(start, -(-at // SECTOR) * SECTOR)
            if slack:
                yield from room(hit, at, border - at, "iso", "slack")
            yield from room(hit, border, start - border, "iso", "unused")
            looked += 1
            if looked > MOST_GAPS:
                return
        if end >= at:
            at, slack = end, file


def _text(data: bytes) -> str:
    return data.decode("latin-1").strip(" \0")
