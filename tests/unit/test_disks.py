"""Disk images: exact extents wherever they stand, files as children byte for byte, rare variants."""

import bz2
import hashlib
import struct
import zlib
from collections.abc import Callable

import pytest

import rorqual
from rorqual.analyzers.folds.digests import digest
from rorqual.analyzers.formats import disks
from rorqual.analyzers.formats.disks.squashfs_tables import lz4
from rorqual.findings.bodies import Anomaly, Claim, Room
from tests.builders import disks_images as images
from tests.builders import disks_volumes as volumes

PROBES = (digest("sha256"), *disks.probes())
SMALL, LARGE = b"read me", bytes(number * 7 % 251 for number in range(1500))
NAMES = ((b"SMALL   TXT", SMALL), (b"LARGE   BIN", LARGE))
FILES = ((b"small.txt", SMALL), (b"large.bin", LARGE))
WITH_FILES: dict[str, Callable[[], bytes]] = {
    "iso": lambda: volumes.iso((b"SMALL.TXT;1", SMALL), (b"LARGE.BIN;1", LARGE)),
    "fat": lambda: volumes.fat12(*NAMES),
    "exfat": lambda: volumes.exfat(("small.txt", SMALL), ("large.bin", LARGE)),
    "ext": lambda: volumes.ext2(*FILES),
    "ntfs": lambda: volumes.ntfs(
        volumes.ntfs_file("small.txt", SMALL), volumes.ntfs_runs("large.bin", 38, 1500), data=LARGE
    ),
    "squashfs": lambda: images.squashfs(*FILES),
    "romfs": lambda: images.romfs(*FILES),
}
OTHERS: dict[str, Callable[[], bytes]] = {
    "gpt": lambda: volumes.gpt(LARGE),
    "dmg": lambda: images.dmg((1, 1, b"raw!" * 128)),
    "qcow2": images.qcow2,
    "vmdk": images.vmdk,
    "vhd": images.vhd_dynamic,
    "vhdx": images.vhdx,
    "cramfs": lambda: images.cramfs(b"small.txt", SMALL),
    "uimage": images.uimage,
    "dtb": lambda: images.device_tree((b"model", b"Whale\0")),
}
EVERY = {**WITH_FILES, **OTHERS}


def scan(data: bytes) -> rorqual.Report:
    report = rorqual.scan(data, analyzers=PROBES)
    assert not report.faults
    return report


def claims(data: bytes) -> list[tuple[int, int, str]]:
    """(offset, size, format) of what these probes claim in a source."""
    found = ((finding.offset, finding.size, finding.body) for finding in scan(data) if finding.place == ())
    return [(offset, size, body.format) for offset, size, body in found if isinstance(body, Claim)]


def children(data: bytes) -> dict[str, str]:
    """SHA-256 of those that a container names, by name."""
    return {child.name: child.digests[0].value for child in scan(data).children if child.digests and child.name}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("format", EVERY)
def test_extent_is_exact_anywhere(format: str) -> None:
    data = EVERY[format]()
    assert claims(b"x" * 777 + data + b"y" * 99) == [(777, len(data), format)]


@pytest.mark.parametrize("format", WITH_FILES)
def test_files_are_children_byte_for_byte(format: str) -> None:
    found = {name.lower(): value for name, value in children(b"x" + WITH_FILES[format]() + b"y").items()}
    assert found == {"small.txt": sha256(SMALL), "large.bin": sha256(LARGE)}


@pytest.mark.parametrize("format", EVERY)
def test_what_is_cut_is_never_claimed_beyond_its_bytes(format: str) -> None:
    data = EVERY[format]()
    for size in range(0, len(data), max(1, len(data) // 12)):
        assert all(offset + length <= size for offset, length, _ in claims(data[:size]))


def test_names_by_rock_ridge_and_joliet_are_of_the_same_files() -> None:
    files = (b"SMALL.TXT;1", SMALL), (b"LARGE.BIN;1", LARGE)
    joliet = volumes.iso(*files, joliet=True)
    assert set(children(joliet)) == {"small.txt", "large.bin"}
    rocky = volumes.iso(*files, uses=(volumes.rock_name(b"a long name"), volumes.rock_name(b"another")), joliet=True)
    assert set(children(rocky)) == {"a long name", "another"}


def test_a_boot_image_that_no_directory_has_is_a_child() -> None:
    data = volumes.iso((b"SMALL.TXT;1", SMALL), boot=volumes.boot_catalog(23).ljust(2048, b"\0") + b"boot code")
    assert set(children(data)) == {"SMALL.TXT", "boot image (no emulation)"}


def test_sectors_that_nothing_references_are_room() -> None:
    data = bytearray(volumes.iso((b"SMALL.TXT;1", SMALL)))
    data[22 * 2048 : 22 * 2048 + 16] = b"sector of nobody"
    data[24 * 2048 + 100 : 24 * 2048 + 110] = b"slack of a"
    found = {(one.offset, one.body.use) for one in scan(bytes(data)) if isinstance(one.body, Room)}
    assert (24 * 2048 + len(SMALL), "slack") in found
    assert any(use == "unused" and offset <= 22 * 2048 for offset, use in found)


def test_files_of_many_records_are_one() -> None:
    first = volumes.iso_record(b"BIG.;1", 24, 2048, flags=0x80) + volumes.iso_record(b"BIG.;1", 25, 952)
    data = bytearray(volumes.iso((b"A.;1", LARGE), (b"B.;1", LARGE)))
    data[20 * 2048 + 68 : 21 * 2048] = first.ljust(2048 - 68, b"\0")
    assert [(child.name, child.size) for child in scan(bytes(data)).children if child.name] == [("BIG", 3000)]


def test_a_partition_table_needs_what_it_says() -> None:
    partition = b"disk" * 128
    good = volumes.mbr((0x83, 1, 1))
    assert claims(good + partition) == [(0, 1024, "mbr")]
    assert claims(b"x" * 512 + good + partition) == []  # 55 AA is no magic number
    assert claims(good) == []
    assert claims(volumes.mbr((0x83, 0, 1)) + partition) == [(0, 512, "mbr")]  # a hybrid image's
    assert claims(volumes.mbr((0xEE, 1, 1)) + partition) == []
    assert claims(volumes.fat12(*NAMES)[:510] + b"\x55\xaa") == []


def test_logical_partitions_may_chain_in_a_circle() -> None:
    second = bytearray(volumes.mbr((0x83, 1, 1), (5, 0, 2)))
    data = volumes.mbr((5, 1, 2)) + bytes(second) + b"disk" * 128
    assert claims(data) == [(0, 1536, "mbr")]


def test_volumes_without_the_name_of_their_type() -> None:
    data = volumes.fat12(*NAMES).replace(b"FAT12   ", b"        ")
    assert claims(data) == [(0, len(data), "fat")]
    assert claims(b"x" + data) == []


def test_fragmented_files_are_put_together() -> None:
    plain = volumes.fat12(*NAMES)
    data = bytearray(volumes.fat12(*NAMES, chain={3: 6, 6: 4, 4: 0xFFF, 5: 0}))
    heap = 512 * 3
    data[heap + 4 * 512 : heap + 5 * 512] = plain[heap + 2 * 512 : heap + 3 * 512]  # the second cluster is the sixth
    data[heap + 2 * 512 : heap + 3 * 512] = plain[heap + 3 * 512 : heap + 4 * 512]
    assert children(bytes(data))["LARGE.BIN"] == sha256(LARGE)


def test_alternate_streams_are_children() -> None:
    data = volumes.ntfs(volumes.ntfs_file("a.txt", SMALL, "hidden"))
    assert children(data) == {"a.txt": sha256(SMALL), "a.txt:hidden": sha256(SMALL)}


def test_fixups_inside_a_small_file_are_undone() -> None:
    content = bytes(range(1, 250)) * 2
    data = volumes.ntfs(volumes.ntfs_file("a.bin", content))
    assert content not in data
    assert children(data) == {"a.bin": sha256(content)}


def test_extent_trees_and_holes() -> None:
    volume = bytearray(volumes.ext2((b"small.txt", SMALL), (b"large.bin", LARGE + bytes(1024))))
    inode = 5 * 1024 + 11 * 128
    struct.pack_into("<I", volume, inode + 4, 4096)
    struct.pack_into("<I", volume, inode + 32, 0x80000)
    tree = (
        struct.pack("<HHHHI", 0xF30A, 2, 4, 0, 0) + struct.pack("<IHHI", 0, 1, 0, 9) + struct.pack("<IHHI", 2, 1, 0, 10)
    )
    volume[inode + 40 : inode + 100] = tree.ljust(60, b"\0")
    whole = LARGE.ljust(2048, b"\0")
    expected = whole[:1024] + bytes(1024) + whole[1024:] + bytes(1024)
    assert children(bytes(volume))["large.bin"] == sha256(expected)


def test_blocks_of_lists_of_lists() -> None:
    content = bytes(number * 11 % 253 for number in range(14 * 1024))
    volume = bytearray(volumes.ext2((b"a.bin", content), blocks=40))
    struct.pack_into("<I", volume, 5 * 1024 + 10 * 128 + 40 + 48, 30)  # the first list, in place of the 13th block
    struct.pack_into("<II", volume, 30 * 1024, 20, 21)
    struct.pack_into("<I", volume, 5 * 1024 + 10 * 128 + 40 + 52, 0)
    assert children(bytes(volume)) == {"a.bin": sha256(content)}


@pytest.mark.parametrize(
    ("packed", "plain"),
    [
        (b"\x50hello", b"hello"),
        (b"\x52hello\x05\x00\x30!!!", b"hellohelloh!!!"),
        (b"\x1fa\x01\x00\x03\x10z", b"a" * 23 + b"z"),
        (b"\x1fa\x00\x00\x00", None),
        (b"\xf0\xff\xff", None),
    ],
)
def test_lz4_blocks(packed: bytes, plain: bytes | None) -> None:
    assert lz4(packed, 100) == plain
    assert lz4(b"\x1fa\x01\x00" + b"\xff" * 200 + b"\0", 100) is None


@pytest.mark.parametrize("method", [0, 1, 0x80000005, 0x80000006])
def test_blocks_of_a_disk_image(method: int) -> None:
    plain = b"disk" * 256
    stored = {0: b"", 1: plain, 0x80000005: zlib.compress(plain), 0x80000006: bz2.compress(plain)}[method]
    content = plain if method else bytes(1024)
    data = images.dmg((1, 1, b"raw!" * 128), (method, 2, stored), (1, 1, b"more" * 128))
    assert children(b"before" + data) == {"disk (Apple_HFS : 1)": sha256(b"raw!" * 128 + content + b"more" * 128)}


def test_a_fixed_disk_is_a_child() -> None:
    data = LARGE[:1024] + images.vhd_footer(1024, 2)
    assert claims(b"x" + data + b"y") == [(1, len(data), "vhd")]
    assert children(data) == {"disk": sha256(LARGE[:1024])}


def test_a_volume_with_keys_is_closed() -> None:
    for data in (images.luks_1(), images.luks_2()):
        report = scan(data)
        assert report.complete
        assert any(body.format == "luks" for body in (one.body for one in report) if isinstance(body, Claim))


def test_contradictions_are_told() -> None:
    def names(data: bytes) -> set[str]:
        return {one.body.name for one in scan(data) if isinstance(one.body, Anomaly)}

    assert names(volumes.iso((b"A.;1", SMALL), blocks=900)) == {"volume_ends_after_the_source"}
    assert names(volumes.gpt(LARGE, copied=False)) == {"backup_header_missing"}
    assert names(volumes.ntfs(copied=False)) == {"backup_boot_sector_missing"}
    assert names(images.uimage(wrong=True)) == {"data_crc_wrong"}
