"""Databases, captures and data of programs: rare variants, exact extents wherever they stand, what decodes."""

import plistlib
import sqlite3
import struct
from pathlib import Path

import pytest

import rorqual
from rorqual.analyzers.formats import stores
from rorqual.analyzers.formats.stores.lookup3 import lookup3
from rorqual.findings.report import Report
from rorqual.sdk import Claim, Room
from tests.builders import stores_files as build
from tests.cases import handed_on

FILES = {
    "bdb": [build.bdb_file(), build.bdb_file(big=True)],
    "bplist": [build.bplist_file(), plistlib.dumps({"a": [1, 2.5, "é", b"x" * 300, True]}, fmt=plistlib.FMT_BINARY)],
    "evt": [build.evt_file(), build.evt_file(cut=False)],
    "evtx": [build.evtx_file(), build.evtx_file(chunks=2)],
    "gdbm": [build.gdbm_file()],
    "gitindex": [build.git_index(), build.git_index(version=4), build.git_pack_index()],
    "gitpack": [build.git_pack()],
    "hdf5": [build.hdf5_file(), build.hdf5_file(version=2), build.hdf5_file(version=3)],
    "ihex": [build.ihex_file(), build.ihex_file(bytes(range(200)), base=0x10_0000)],
    "javaserial": [build.java_objects()],
    "memdump": [build.crash_dump()],
    "minidump": [build.minidump_file()],
    "mo": [build.mo_file(), build.mo_file(big=True)],
    "netcdf": [build.netcdf_file(version=version) for version in (1, 2, 5)],
    "npy": [build.npy_file()],
    "pcap": [build.pcap_file(big=big, nano=nano) for big in (False, True) for nano in (False, True)],
    "pcapng": [build.pcapng_file(), build.pcapng_file(big=True), build.pcapng_file() + build.pcapng_file(big=True)],
    "prefetch": [build.prefetch_file()],
    "regf": [build.hive_file()],
    "sqlite": [build.sqlite_file(), build.sqlite_file(free=build.HIDDEN)],
    "sqlitewal": [build.wal_file(), build.wal_file(stale=build.HIDDEN)],
    "srec": [build.srec_file()],
    "thumbcache": [build.thumbnail_cache()],
    "torrent": [build.torrent_file(), build.torrent_file(comment=build.HIDDEN)],
    "uf2": [build.uf2_file()],
    "wad": [build.wad_file()],
}
CASES = [(format, data) for format, files in FILES.items() for data in files]


def claims(report: Report) -> list[tuple[str, int, int]]:
    """(format, offset, size) in the file itself."""
    found = []
    for finding in report:
        if finding.place == () and isinstance(finding.body, Claim):
            found.append((finding.body.format, finding.offset, finding.size))
    return found


def scanned(data: bytes) -> Report:
    return rorqual.scan(data, analyzers=list(stores.probes()))


def body(report: Report, kind: str) -> dict[str, object]:
    """The first finding's body of this kind."""
    found = next(iter(report.findings(kind))).to_dict()[kind]
    assert isinstance(found, dict)
    return dict(found)


@pytest.mark.parametrize(("format", "data"), CASES)
def test_the_extent_is_exact_wherever_it_stands(format: str, data: bytes) -> None:
    assert claims(scanned(data)) == [(format, 0, len(data))]
    assert claims(scanned(b"x" * 777 + data + b"y" * 99)) == [(format, 777, len(data))]


@pytest.mark.parametrize(("format", "data"), CASES)
def test_every_cut_is_no_fault(format: str, data: bytes) -> None:
    for size in range(0, min(len(data), 2000), max(1, min(len(data), 2000) // 23)):
        report = scanned(data[:size])
        assert report.complete and not report.faults
        assert (format, 0, len(data)) not in claims(report)


def test_what_sqlite_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    for number in range(40):  # so that the schema has inner pages
        connection.execute(f"create table whale{number} (name text, size int default {number})")
    connection.execute("create index i on whale3(size)")
    connection.executemany("insert into whale1 values (?, 1)", [("x" * 500,)] * 500)
    connection.commit()
    connection.execute("delete from whale1")
    connection.commit()
    connection.close()
    data = path.read_bytes()
    report = scanned(b"-" * 100 + data + b"tail")
    assert claims(report) == [("sqlite", 100, len(data))]
    told = body(report, "sqlite_database")
    assert told["objects"] == 41 and "whale39" in str(told["tables"])
    assert int(str(told["free_pages"])) > 20


def test_sqlite_without_a_count_of_pages_ends_with_its_source() -> None:
    data = bytearray(build.sqlite_file())
    data[24:32] = bytes(8)
    data[92:96] = b"\0\0\0\7"
    assert claims(scanned(bytes(data))) == [("sqlite", 0, len(data))]
    assert not claims(scanned(b"x" + bytes(data)))


def test_a_capture_that_is_cut_is_one_still() -> None:
    data = build.pcap_file(packets=5)
    for missing in (1, 20, 30):
        report = scanned(data[:-missing])
        assert claims(report) == [("pcap", 0, len(data) - missing)]
        assert body(report, "packet_capture")["cut"]


def test_hdf5_has_what_stands_before_it() -> None:
    data = build.hdf5_file(user=build.HIDDEN)
    report = scanned(data + b"tail")
    assert claims(report) == [("hdf5", 0, len(data))]
    assert body(report, "hdf5_file")["names"] == ["whale"]
    assert [(one.offset, one.size) for one in report if isinstance(one.body, Room)] == [(0, 512)]


def test_lookup3_is_that_of_its_author() -> None:
    assert lookup3(b"") == 0xDEADBEEF
    assert lookup3(b"Four score and seven years ago") == 0x17770551


def test_lines_of_hexadecimal_digits_decode() -> None:
    data = bytes(range(256)) * 3
    for text in (build.ihex_file(data), build.srec_file(data)):
        (child,) = handed_on(scanned(b"text\n" + text))
        assert child.size == len(data)


def test_objects_of_a_pack_are_children() -> None:
    report = scanned(build.git_pack())
    assert [child.size for child in handed_on(report)] == [28]


def test_null_ends_no_stream_of_objects_unless_all_ends() -> None:
    data = build.java_objects()
    assert claims(scanned(data + b"plain text")) == [("javaserial", 0, len(data))]
    assert claims(scanned(data + b"\x70")) == [("javaserial", 0, len(data) + 1)]


def test_arrays_of_types_in_types() -> None:
    kinds = {
        "'<M8[ns]'": 8,
        "'|V7'": 7,
        "'<U2'": 8,
        "[('a', '<f4'), ('b', [('c', '|u1', (2, 2))])]": 8,
        "('<i2', (3,))": 6,
    }
    for kind, width in kinds.items():
        data = build.npy_file(f"{{'descr': {kind}, 'fortran_order': False, 'shape': (3,), }}", bytes(3 * width))
        assert claims(scanned(data + b"tail")) == [("npy", 0, len(data))], kind


def test_a_single_variable_that_grows_has_no_padding() -> None:
    def name(text: bytes) -> bytes:
        return struct.pack(">I", len(text)) + text + bytes(-len(text) % 4)

    head = b"CDF\1" + struct.pack(">3I", 7, 10, 1) + name(b"t") + struct.pack(">I", 0) + bytes(8)
    head += struct.pack(">2I", 11, 1) + name(b"b") + struct.pack(">2I", 1, 0) + bytes(8) + struct.pack(">2I", 1, 4)
    data = head + struct.pack(">I", len(head) + 4) + bytes(7)
    assert claims(scanned(data + b"tail")) == [("netcdf", 0, len(data))]
