"""Signatures at the entry point, of installers, packers and toolchains: what proves them, and what does not."""

import struct
import zlib
from dataclasses import replace

import pytest

from rorqual.analyzers.formats.pe.origin.entry import PEEntry, PEEntryPoint, PESignature
from rorqual.analyzers.formats.pe.origin.packers import ALONE, ENTRY_BYTES, LEAST, Pattern, table
from rorqual.analyzers.formats.pe.probe import PE
from rorqual.engine.limits import Limits
from rorqual.sdk import Anchor, Finding, Hit, Kind, Malformed, Region
from tests.builders.pe import CODE, Image, Section, build
from tests.builders.pe_parts import (
    AT,
    RDATA,
    cabinet,
    holding,
    inno,
    nsis,
    pack_header,
    pyinstaller,
    rar4,
    rar5,
    resource,
    seven_zip,
)
from tests.builders.probing import examine, view_of

Known = dict[str, tuple[str, str | None]]


def found(data: bytes, offset: int = 0) -> list[Finding]:
    """What is said of the image at `offset`, and at the end where it is 0."""
    context = next(one.context for one in examine(PE(), data, offset) if isinstance(one, Region) and one.kind == "pe")
    probe = PEEntry()
    hit = Hit(view_of(data, offset, fuel=Limits().fuel), Kind("pe"), probe.name, None, context)
    said = list(probe.examine(hit))
    if not offset:
        said += examine(probe, data, len(data), trigger=Kind("end"))
    return [one for one in said if isinstance(one, Finding)]


def signatures(data: bytes) -> Known:
    bodies = [one.body for one in found(data)]
    return {body.name: (body.kind, body.version) for body in bodies if isinstance(body, PESignature)}


def coded(code: str, *names: str, plus: bool = False) -> bytes:
    """An image whose first section, named so, begins with the code."""
    first, *others = names or (".text",)
    rest = (Section(name.encode(), b"x", CODE) for name in others)
    sections = (Section(first.encode(), bytes.fromhex(code).ljust(0x200, b"\x90"), CODE), *rest)
    return build(Image(plus=plus, sections=sections))


def test_the_entry_point_with_its_bytes() -> None:
    first = found(build())[0]
    assert isinstance(first.body, PEEntryPoint)
    assert (first.offset, first.size, first.body.rva, first.body.section_name) == (0x200, 64, 0x1000, ".text")
    assert bytes.fromhex(first.body.code) == bytes(range(64))


def test_every_row_of_the_table_proves_enough() -> None:
    for row in table():
        assert row.fixed >= (LEAST if row.sections else ALONE)
        assert row.size <= ENTRY_BYTES


@pytest.mark.parametrize("one", table(), ids=lambda row: f"{row.name} {row.fixed}")
def test_a_row_matches_its_own_bytes_and_nothing_shorter(one: Pattern) -> None:
    code = _sample(one.regex.pattern)
    names = sorted(one.sections) or [".text"]
    assert signatures(coded(code.hex(), *names))[one.name] == (one.kind, one.version)
    other = bytes([code[-1] ^ 0xFF])
    assert one.name not in signatures(coded((code[:-1] + other).hex(), *names))
    if one.sections:
        assert one.name not in signatures(coded(code.hex(), ".text"))


def _sample(pattern: bytes) -> bytes:
    """Bytes that a row's expression matches: 0x33 for any."""
    out, at = bytearray(), 0
    while at < len(pattern):
        if pattern[at : at + 1] == b"\\":
            at += 1
            out.append(pattern[at])
        else:
            out.append(0x33 if pattern[at : at + 1] == b"." else pattern[at])
        at += 1
    return bytes(out)


def test_code_behind_one_jump_counts_and_behind_two_does_not() -> None:
    asp = "60e803000000e9eb045d4555c3e801000000eb5dbbedffffff03dd81eb"
    one = "e9" + struct.pack("<i", 0x10 - 5).hex() + "90" * 11 + asp
    assert signatures(coded(one))["ASPack"] == ("packer", "2.12")
    two = "e9" + struct.pack("<i", 0x10 - 5).hex() + "90" * 11 + "e900000000" + asp
    assert signatures(coded(two)) == {}
    itself = "e9" + struct.pack("<i", -5).hex()
    assert signatures(coded(itself)) == {}


UPX = (Section(b"UPX0", virtual_size=0x4000, flags=CODE), Section(b"UPX1", b"z" * 0x400, CODE))


def upx(header: bytes) -> bytes:
    return build(Image(plus=True, e_lfanew=0x40, sections=UPX, patches={0x1B0: header}))


def test_upx_by_its_pack_header() -> None:
    assert signatures(upx(pack_header(release=b"4.02"))) == {"UPX": ("packer", "4.02")}
    assert signatures(upx(pack_header(release=b"?"))) == {"UPX": ("packer", None)}


def test_upx_by_name_or_magic_alone_is_nothing() -> None:
    assert signatures(upx(b"")) == {}
    broken = bytearray(pack_header())
    broken[20] ^= 1
    assert signatures(upx(bytes(broken))) == {}
    assert signatures(upx(pack_header(packed=0x7FFF_FFFF))) == {}


def test_upx_without_a_header_by_its_loader() -> None:
    assert signatures(coded("60be001040008dbe00f0ffff57", "UPX1", "UPX0")) == {"UPX": ("packer", None)}


@pytest.mark.parametrize("lead", [0, 512])
def test_nsis_by_its_first_header(lead: int) -> None:
    data = build(Image(overlay=bytes(lead) + nsis(600)))
    assert signatures(data) == {"NSIS": ("installer", None)}
    assert signatures(data[:-1]) == {}
    assert signatures(build(Image(overlay=nsis(600, flags=0x10)))) == {}
    assert signatures(build(Image(overlay=b"x" + nsis(600)))) == {}


def test_inno_setup_by_its_loader_table() -> None:
    first = 0x1400

    def setup(table: bytes, name: bytes = b"Inno Setup Setup Data (6.2.0) (u)") -> bytes:
        data = build(holding(resource(10, 11111, table), {2: (AT, 0x200)}, plus=False))
        return data.ljust(first, b"\0") + name.ljust(64, b"\0")

    assert signatures(setup(inno(first))) == {"Inno Setup": ("installer", "6.2.0")}
    assert signatures(setup(inno(first)[:-1] + b"\0")) == {}
    assert signatures(setup(inno(first), b"something else")) == {}


def test_inno_setup_of_old_by_its_mark() -> None:
    data = bytearray(build(Image(overlay=b"rDlPtS07\x87eVx" + bytes(40))))
    at = len(data) - 52
    data[0x30:0x3C] = b"Inno" + struct.pack("<II", at, ~at & 0xFFFF_FFFF)
    assert signatures(bytes(data)) == {"Inno Setup": ("installer", None)}
    data[0x38] ^= 1
    assert signatures(bytes(data)) == {}


def burn(stub: int, *sizes: int) -> bytes:
    return struct.pack("<II16s6I", 0xF1_4300, 2, bytes(16), stub, 0, 0, 0, 1, len(sizes)) + struct.pack(
        f"<{len(sizes)}I", *sizes
    )


def test_wix_by_its_burn_section() -> None:
    sections = (Section(b".text", b"\xc3", CODE), Section(b".wixburn", burn(0x600, 0x80, 10), RDATA))
    made = Image(sections=sections, overlay=cabinet() + bytes(10))
    assert signatures(build(made)) == {"WiX Burn": ("installer", None)}
    assert signatures(build(replace(made, overlay=b"nothing"))) == {}
    huge = (sections[0], Section(b".wixburn", burn(0x600, 0x7FFF_FFFF), RDATA))
    assert signatures(build(replace(made, sections=huge))) == {}


@pytest.mark.parametrize(
    ("overlay", "name", "version"),
    [
        (seven_zip(), "7-Zip SFX", None),
        (b';!@Install@!UTF-8!\nTitle="x"\n;!@InstallEnd@!' + seven_zip(), "7-Zip SFX", None),
        (rar5(), "WinRAR SFX", "5"),
        (rar4(), "WinRAR SFX", "4"),
    ],
)
def test_self_extracting_archives(overlay: bytes, name: str, version: str | None) -> None:
    assert signatures(build(Image(overlay=overlay))) == {name: ("sfx", version)}
    at = overlay.index(b"7z\xbc" if b"7z\xbc" in overlay else b"Rar!") + 13
    broken = bytearray(overlay)
    broken[at] ^= 0xFF
    assert signatures(build(Image(overlay=bytes(broken)))) == {}


def test_an_archive_cut_short_proves_nothing() -> None:
    assert signatures(build(Image(overlay=seven_zip()[:-1]))) == {}


def stream(size: int) -> bytes:
    return struct.pack("<14sHI24x", b"ISSetupStream", 1, 4)[:44].ljust(44, b"\0") + struct.pack("<II2xI10x", 8, 6, size)


def test_install_shield_by_its_stream() -> None:
    assert signatures(build(Image(overlay=stream(100) + bytes(108)))) == {"InstallShield": ("installer", None)}
    assert signatures(build(Image(overlay=stream(0xFFFF) + bytes(108)))) == {}


def test_clickteam_by_its_pack_data() -> None:
    pack = bytes.fromhex("7777777749874712") + struct.pack("<II", 32, 96) + bytes(48)
    assert signatures(build(Image(overlay=pack + b"PAMU" + bytes(40)))) == {"Clickteam Fusion": ("runtime", None)}
    assert signatures(build(Image(overlay=pack + b"PAMX" + bytes(40)))) == {}


def resourced(kind: int | str, name: int | str, data: bytes) -> Known:
    return signatures(build(holding(resource(kind, name, data), {2: (AT, 0x200)})))


AUTOIT = bytes.fromhex("a3484bbe986c4aa9994c530a86d6487d") + b"AU3!EA06" + bytes(16) + bytes.fromhex("6b43ca52")
CONSTANTS = b".bytecode\0" + bytes(40)


@pytest.mark.parametrize(
    ("kind", "name", "data", "expected"),
    [
        (10, "SCRIPT", AUTOIT, "AutoIt"),
        ("PYTHONSCRIPT", 1, struct.pack("<IIII", 0x7856_3412, 0, 1, 40) + bytes(40), "py2exe"),
        (10, "NODE_SEA_BLOB", bytes.fromhex("20da4301") + bytes(40), "Node.js single executable"),
        (10, 27, b"KAY\x28\xb5\x2f\xfd" + bytes(40), "Nuitka"),
        (10, 3, struct.pack("<II", zlib.crc32(CONSTANTS), len(CONSTANTS)) + CONSTANTS, "Nuitka"),
    ],
)
def test_runtimes_by_their_resources(kind: int | str, name: int | str, data: bytes, expected: str) -> None:
    assert resourced(kind, name, data) == {expected: ("runtime", "3" if expected == "AutoIt" else None)}
    assert resourced(kind, name, b"\xff" + data[1:]) == {}
    assert resourced(kind, "OTHER", data) == {} or kind == "PYTHONSCRIPT"


@pytest.mark.parametrize("certificate", [b"", b"c" * 40])
def test_pyinstaller_by_its_cookie(certificate: bytes) -> None:
    data = build(Image(overlay=pyinstaller(), certificate=certificate))
    assert signatures(data) == {"PyInstaller": ("runtime", None)}
    lying = pyinstaller().replace(struct.pack(">I", len(pyinstaller())), b"\x7f\xff\xff\xff")
    assert signatures(build(Image(overlay=lying, certificate=certificate))) == {}
    assert signatures(build(Image(overlay=b"MEI\x0c\x0b\x0a\x0b\x0e" + bytes(80)))) == {}


def test_a_nuitka_payload_behind_the_image() -> None:
    start = len(build())
    data = build(Image(overlay=b"KAX" + bytes(50) + struct.pack("<Q", start)))
    assert signatures(data) == {"Nuitka": ("runtime", None)}
    assert signatures(build(Image(overlay=b"KAX" + bytes(50) + struct.pack("<Q", start + 1)))) == {}


def test_fuses_of_electron_at_their_word() -> None:
    probe = PEEntry()
    anchor = next(one for one in probe.wakes_on if isinstance(one, Anchor))
    wire = anchor.regex + b"\x01\x08" + b"10101r10"
    data = build(Image(overlay=b"zz" + wire))
    said = list(examine(probe, data, data.index(wire), trigger=anchor))
    assert [one.body.name for one in said if isinstance(one, Finding) and isinstance(one.body, PESignature)] == [
        "Electron"
    ]
    assert list(examine(probe, b"z" * 80 + wire, 80, trigger=anchor)) == []
    broken = build(Image(overlay=anchor.regex + b"\x01\x08" + b"10101x10"))
    assert list(examine(probe, broken, broken.index(anchor.regex), trigger=anchor)) == []


def held(section: bytes, data: bytes) -> Known:
    return signatures(build(Image(sections=(Section(b".text", b"\xc3", CODE), Section(section, data, RDATA)))))


COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("section", "data", "expected"),
    [
        (b".rdata", f"/rustc/{COMMIT}/library".encode(), {"Rust": ("compiler", COMMIT)}),
        (b".rdata", b"GCC: (x86_64-posix-seh, MinGW-W64) 12.2.0\0", {"GCC": ("compiler", "12.2.0")}),
        (b".rdata", bytes(300_000) + b"GCC: (GNU) 7.3\0", {"GCC": ("compiler", "7.3")}),
        (b".rdata", b"Mingw-w64 runtime failure:\n\0", {"MinGW-w64": ("runtime", None)}),
        (b".rdata", b"Embarcadero Delphi for Win32 compiler version 33.0 (26.0)", {"Delphi": ("compiler", "33.0")}),
        (b".rdata", "cx_Freeze Fatal Error".encode("utf-16-le"), {"cx_Freeze": ("runtime", None)}),
        (b".data", b"\xff Go buildinf:\x08\x02" + bytes(16) + b"\x08go1.21.1", {"Go": ("compiler", "1.21.1")}),
        (b".data", b"FPC 3.2.2 [2021/05/15] for x86_64", {"Free Pascal": ("compiler", "3.2.2")}),
        (b".other", b"GCC: (GNU) 7.3\0", {}),
        (b".rdata", b"/rustc/0123/library GCC: () cx_Freeze", {}),
    ],
)
def test_compilers_by_their_marks(section: bytes, data: bytes, expected: Known) -> None:
    assert held(section, data) == expected


def test_go_by_its_build_id() -> None:
    code = b'\xff Go build ID: "abc/def"\n \xff' + bytes(40)
    assert signatures(build(Image(sections=(Section(b".text", code, CODE),)))) == {"Go": ("compiler", None)}


def test_dotnet_by_its_metadata() -> None:
    root = struct.pack("<4sHHII", b"BSJB", 1, 1, 0, 12) + b"v4.0.30319\0\0"
    header = struct.pack("<IHHII", 72, 2, 5, AT + 0x60, 0x200).ljust(0x60, b"\0")
    data = build(holding(header + root, {14: (AT, 72)}, plus=False))
    assert signatures(data) == {".NET": ("runtime", "v4.0.30319")}
    assert signatures(data.replace(b"BSJB", b"BSJX")) == {}


def test_visual_c_by_its_rich_header() -> None:
    key = 0x1234_5678
    words = [int.from_bytes(b"DanS", "little") ^ key, key, key, key, 0x0101_0000 ^ key, 3 ^ key]
    rich = struct.pack("<6I", *words) + b"Rich" + struct.pack("<I", key)
    fields = {"MajorLinkerVersion": 14, "MinorLinkerVersion": 36}
    data = build(Image(e_lfanew=0xC0, fields=fields, patches={0x80: rich}))
    assert signatures(data) == {"Microsoft Visual C++": ("compiler", "14.36")}
    assert signatures(build(Image(e_lfanew=0xC0, fields=fields, patches={0x80: b"Rich" + rich}))) != {}
    assert signatures(build(Image(e_lfanew=0xC0, fields=fields, patches={0x84: rich[4:]}))) == {}


def test_mingw_by_the_first_symbol() -> None:
    symbols = b".file\0\0\0" + bytes(10) + b"crtexe.c".ljust(18, b"\0")
    assert signatures(build(Image(symbols=symbols))) == {"MinGW": ("runtime", None)}


def test_iexpress_by_its_cabinet() -> None:
    both = build(holding(_two_resources(cabinet()), {2: (AT, 0x300)}))
    assert signatures(both) == {"IExpress": ("sfx", None)}
    assert resourced(10, "CABINET", cabinet()) == {}
    assert signatures(build(holding(_two_resources(b"MSCF" + b"\xff" * 60), {2: (AT, 0x300)}))) == {}


def _two_resources(data: bytes) -> bytes:
    """CABINET with the data and RUNPROGRAM of one byte, both raw data."""
    deep = 0x8000_0000
    names = (
        struct.pack("<H", 7) + "CABINET".encode("utf-16-le") + struct.pack("<H", 10) + "RUNPROGRAM".encode("utf-16-le")
    )
    tree = struct.pack("<12xHHII", 0, 1, 10, 0x18 | deep)
    tree += struct.pack("<12xHHIIII", 2, 0, 0xA0 | deep, 0x38 | deep, 0xB0 | deep, 0x50 | deep)
    tree += struct.pack("<12xHHII", 0, 1, 1033, 0x68) + struct.pack("<12xHHII", 0, 1, 1033, 0x78)
    tree += struct.pack("<IIII", AT + 0x100, len(data), 0, 0) + struct.pack("<IIII", AT + 0xF0, 1, 0, 0)
    return (tree.ljust(0xA0, b"\0") + names).ljust(0x100, b"\0") + data


def test_protectors_by_sections_and_how_they_begin() -> None:
    assert signatures(coded("6811223344e855667788", ".vmp0"))["VMProtect"] == ("protector", None)
    assert signatures(coded("90" * 10, ".vmp0")) == {}
    assert signatures(coded("6811223344e855667788", ".text", ".vmp0")) == {}
    blank = (Section(b"        ", b"x", CODE), Section(b".themida", b"x", CODE), Section(b".boot", b"\x90" * 20, CODE))
    fields = {"AddressOfEntryPoint": 0x3000}
    assert signatures(build(Image(sections=blank, fields=fields))) == {"Themida": ("protector", None)}
    named = (Section(b".text", b"x", CODE), *blank[1:])
    assert signatures(build(Image(sections=named, fields=fields))) == {}
    assert held(b".enigma1", b"EVB\0" + bytes(60)) == {"Enigma Virtual Box": ("packer", None)}
    assert held(b".enigma1", b"else") == {}


def test_places_in_something_bigger() -> None:
    lead = b"z" * 777
    said = found(lead + build(Image(overlay=nsis(600))), len(lead))
    sign = next(one for one in said if isinstance(one.body, PESignature))
    assert isinstance(sign.body, PESignature)
    assert sign.offset == sign.body.place == 777 + len(build())


def test_no_layout_no_answer() -> None:
    with pytest.raises(Malformed):
        list(PEEntry().examine(Hit(view_of(build()), Kind("pe"), "pe-entry")))
    assert list(examine(PEEntry(), b"no image" * 20, 160, trigger=Kind("end"))) == []
