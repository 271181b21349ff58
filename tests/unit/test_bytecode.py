"""Programs for virtual machines: rare variants, exact extents wherever they stand, what decodes."""

import struct
import sys

import pytest

import rorqual
from rorqual.analyzers.formats import bytecode
from rorqual.findings.report import Report
from rorqual.sdk import Claim, Room
from tests.builders import bytecode_files as build

FILES = {
    "arsc": [build.arsc_file()],
    "axml": [build.axml_file()],
    "class": [build.java_class(), build.java_class(major=45), build.java_class(major=68)],
    "dex": [build.dex_file()],
    "gb": [build.gameboy_rom()],
    "luac": [build.lua_chunk(version) for version in (0x51, 0x52, 0x53, 0x54)],
    "luajit": [build.luajit_chunk(), build.luajit_chunk(stripped=True)],
    "megadrive": [build.megadrive_rom()],
    "nes": [build.nes_rom(), build.nes_rom(new=False), build.nes_rom(trainer=b"train", new=False)],
    "odex": [build.odex_file()],
    "pyc": [build.pyc_file(), build.pyc_file(magic=3413), build.pyc_file(magic=62211)],
    "swf": [build.swf_file(kind) for kind in ("FWS", "CWS", "ZWS")],
    "wasm": [build.wasm_module(), build.wasm_module(build.producers(), build.custom(b"own", build.HIDDEN))],
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
    return rorqual.scan(data, analyzers=list(bytecode.probes()))


def body(report: Report, kind: str) -> dict[str, object]:
    """The first finding's body of this kind."""
    found = next(iter(report.findings(kind))).to_dict()[kind]
    assert isinstance(found, dict)
    return dict(found)


@pytest.mark.parametrize(("format", "data"), CASES)
def test_the_extent_is_exact_wherever_it_stands(format: str, data: bytes) -> None:
    assert claims(scanned(data))[0] == (format, 0, len(data))
    assert claims(scanned(b"x" * 777 + data + b"y" * 99))[0] == (format, 777, len(data))


@pytest.mark.parametrize(("format", "data"), CASES)
def test_every_cut_is_no_fault(format: str, data: bytes) -> None:
    for size in range(0, min(len(data), 2000), max(1, min(len(data), 2000) // 23)):
        report = scanned(data[:size])
        assert report.complete and not report.faults
        assert (format, 0, len(data)) not in claims(report)


def test_what_this_python_compiles() -> None:
    source = (
        "import os\nclass A:\n    def f(self, x: int = 3, *y: 'q') -> set[int]:\n        return {1, 2} | {x * 2**99}\n"
    )
    source += "def g():\n    return [lambda: (1.5, 2j, None, ..., b'x', 'é' * 300)]\n" * 20
    data = build.pyc_of(source)
    report = scanned(data + b"tail")
    assert claims(report) == [("pyc", 0, len(data))]
    told = body(report, "python_bytecode")
    assert told["version"] == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert told["file_name"] == "whale.py"


def test_pyc_of_a_hash() -> None:
    told = body(scanned(build.pyc_file(flags=1)), "python_bytecode")
    assert told["modified"] is None and told["source_hash"] is not None


def test_class_says_what_it_may_do() -> None:
    told = body(scanned(build.java_class()), "java_class")
    assert told["name"] == "Whale" and told["runnable"] and told["java"] == "8"
    assert told["telling"] == ["java/lang/Runtime"]
    assert told["addresses"] == ["https://example.org/whale"]


def test_class_is_told_from_a_universal_binary() -> None:
    fat = b"\xca\xfe\xba\xbe" + struct.pack(">I", 2) + struct.pack(">5I", 7, 3, 4096, 100, 12) * 2
    report = rorqual.scan(fat + bytes(5000))
    assert not [claim for claim in claims(report) if claim[0] == "class"]


def test_a_cartridge_cut_by_less_than_a_bank_is_one_still() -> None:
    data = build.nes_rom(new=False)
    head = bytearray(data[:16])
    head[5] = 1  # a bank of pictures, whose last bytes are missing
    whole = bytes(head) + data[16:] + bytes(8192)
    assert claims(scanned(whole[:-16])) == [("nes", 0, len(whole) - 16)]
    assert not claims(scanned(build.nes_rom(new=False, reset=0x1234) + b"something else"))


def test_sizes_of_nes_2() -> None:
    told = body(scanned(build.nes_rom()), "nes_rom")
    assert (told["header"], told["program_size"], told["reset"]) == ("NES 2.0", 256, 0x8123)


def test_wasm_ends_where_sections_stop() -> None:
    data = build.wasm_module(build.custom(b"own", b"bytes"))
    for tail in (b"\0", b"\0\0\0\0", b"\x0b\1\0", b"\7\1\0", b"\xff" * 20, b"text behind"):
        assert claims(scanned(data + tail)) == [("wasm", 0, len(data))]


def test_flash_is_decoded_to_flash() -> None:
    for kind, compression in (("CWS", "zlib"), ("ZWS", "lzma")):
        report = scanned(build.swf_file(kind) + b"tail")
        assert body(report, "flash_file")["compression"] == compression
        (inner,) = [finding for finding in report.findings("claim") if len(finding.place) == 1]
        assert inner.size == len(build.swf_file())
        assert body(report, "flash_movie")["tags"] == 6


def test_a_dictionary_that_is_too_large_is_refused() -> None:
    data = bytearray(build.swf_file("ZWS"))
    data[13:17] = struct.pack("<I", 1 << 30)
    report = scanned(bytes(data))
    assert not report.complete and not report.faults
    assert not claims(report)


def test_rooms_of_classes() -> None:
    data = build.java_class(unused=build.HIDDEN, attribute=build.HIDDEN)
    rooms = [
        (data[finding.offset : finding.offset + finding.size], finding.body.use)
        for finding in scanned(data)
        if isinstance(finding.body, Room)
    ]
    assert rooms == [(build.HIDDEN, "unused"), (build.HIDDEN, "private")]


def test_permissions_of_a_manifest() -> None:
    told = body(scanned(build.axml_file()), "android_xml")
    assert (told["package"], told["permissions"]) == ("org.whale", ["android.permission.INTERNET"])
