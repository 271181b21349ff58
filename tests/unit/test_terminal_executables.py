"""The sections of the terminal report on executables, on built reports: what they say, and that they stay short."""

import dataclasses
import importlib
import pkgutil
import re
import types
import typing
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from rorqual.analyzers.formats.elf.bodies import ELFImage
from rorqual.analyzers.formats.elf.dynamic import ELFDynamic
from rorqual.analyzers.formats.macho.bodies import MachOImage
from rorqual.analyzers.formats.macho.universal import MachOSlice, MachOUniversal
from rorqual.analyzers.formats.pe.bodies import PEDirectory, PEImage, PEOverlay, PEPart, PESection
from rorqual.analyzers.formats.pe.linking.exports import PEExport, PEExports, PEExportTable
from rorqual.analyzers.formats.pe.origin.entry import PESignature
from rorqual.analyzers.formats.pe.running.checksum import PEChecksum
from rorqual.analyzers.formats.pe.running.mitigations import PEMitigations
from rorqual.analyzers.formats.pe.signing.signature_bodies import PEAuthenticode
from rorqual.findings.bodies import Anomaly
from rorqual.findings.record import Body, Finding
from rorqual.render.terminal import elf, macho, pe
from tests.unit.test_terminal import HOSTILE, SIZE, drawn, report, said

MODULES = ("pe", "pe.dotnet", "elf", "macho")  # packages under analyzers.formats whose bodies are drawn
LONGEST = 150  # lines of any report on one image, however hostile its bodies are
LABELLED = re.compile(r"^  (\S.{0,10}?) {2,}(.*)$", re.MULTILINE)


def _of_class(hint: typing.Any) -> bool:
    return typing.get_origin(hint) is typing.ClassVar


def filled(kind: typing.Any, text: str, number: int, rows: int) -> typing.Any:
    """A value of a field's type: every text is `text`, every number `number`; tuples have so many rows."""
    args = typing.get_args(kind)
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return filled(args[0], text, number, rows)
    if typing.get_origin(kind) is tuple:
        if args[-1] is not Ellipsis:
            return tuple(filled(one, text, number, rows) for one in args)
        return tuple(filled(args[0], text, number, rows) for _ in range(rows))
    simple: dict[typing.Any, typing.Any] = {
        str: text,
        int: number,
        float: 8.0,
        bool: True,
        bytes: text.encode("utf-8", "replace"),
    }
    if kind in simple:
        return simple[kind]
    hints = {name: hint for name, hint in typing.get_type_hints(kind).items() if not _of_class(hint)}
    return kind(**{name: filled(hint, text, number, rows) for name, hint in hints.items()})


def built(kind: type, /, **fields: object) -> typing.Any:
    """A body whose other fields are empty: texts, zeros, no rows."""
    hints = {name: hint for name, hint in typing.get_type_hints(kind).items() if not _of_class(hint)}
    body = kind(**{name: False if hint is bool else filled(hint, "", 0, 0) for name, hint in hints.items()})
    return dataclasses.replace(body, **fields)


def bodies() -> Iterator[type]:
    """Each class of a body that the packages define."""
    seen = set()
    for package in MODULES:
        name = f"rorqual.analyzers.formats.{package}"
        folder = importlib.import_module(name).__path__
        for file in sorted(pkgutil.iter_modules(folder)):
            module = importlib.import_module(f"{name}.{file.name}")
            for one in vars(module).values():
                if isinstance(one, type) and dataclasses.is_dataclass(one) and hasattr(one, "tag") and one not in seen:
                    seen.add(one)
                    yield one


def facts(text: str, heading: str) -> dict[str, str]:
    """The labels of a section with their first lines."""
    section = text.partition(f"\n{heading}")[2].split("\n\n", 1)[0]
    return dict(LABELLED.findall(section))


def pe_image(**fields: object) -> Body:
    return typing.cast(Body, built(PEImage, format="PE32+", machine="AMD64", **fields))


def pe_section(index: int, size: int, **fields: object) -> Finding:
    body = built(PESection, index=index, name=f".s{index}", present=size, readable=True, **fields)
    return said(body, 0x400 * index, max(size, 40))


def test_what_made_an_image_is_told_with_packers_first() -> None:
    tools = (("GCC", "compiler", "12"), ("NSIS", "installer", None), ("UPX", "packer", "4.2"), ("UPX", "packer", "4.2"))
    signatures = [said(PESignature(name, kind, version, "", at), at) for at, (name, kind, version) in enumerate(tools)]
    told = facts(drawn(report([said(pe_image()), *signatures])), "PE image")
    assert told["by"] == "UPX 4.2 (packer), NSIS (installer), GCC 12 (compiler)"


def test_only_a_wrong_checksum_is_told_and_once() -> None:
    wrong = [said(PEChecksum(1, SIZE, 2, False, 2)), said(Anomaly("checksum_wrong", "1, 2"))]
    assert facts(drawn(report([said(pe_image()), *wrong])), "PE image")["checksum"] == "0x1 stored, but 0x2 computed"
    assert "checksum_wrong" not in drawn(report([said(pe_image()), *wrong]))
    for right in (PEChecksum(0, SIZE, 2, None, 2), PEChecksum(2, SIZE, 2, True, 2)):
        assert "checksum" not in facts(drawn(report([said(pe_image()), said(right)])), "PE image")


def test_mitigations_that_are_on_and_those_that_are_missed() -> None:
    protection = built(PEMitigations, aslr=True, high_entropy_aslr=True, safe_seh=None, cet_shadow_stack=None)
    told = facts(drawn(report([said(pe_image()), said(protection)])), "PE image")
    assert told["protects"] == "ASLR (high entropy) · no DEP, no CFG"
    assert told["signed"] == "no"
    managed = dataclasses.replace(protection, dep=True, managed=True)
    assert facts(drawn(report([said(pe_image()), said(managed)])), "PE image")["protects"] == "ASLR (high entropy), DEP"


def test_exports_tell_the_first_names_and_read_no_further_table() -> None:
    rows = tuple(PEExport(number, f"name_{number}", 0x1000, None) for number in range(256))
    later = [*rows]
    tables = [said(PEExportTable(0, rows), 0x100), said(PEExportTable(256, typing.cast(typing.Any, later)), 0x200)]
    exports = built(PEExports, name="a.dll", functions=512, named=512, forwarded=3)
    findings = report([said(pe_image()), said(exports, 0x10), *tables])
    later.append(typing.cast(typing.Any, object()))  # what has no place in a report: reading it would raise
    text = drawn(findings, width=120)
    names = "name_0, name_1, name_2, name_3, name_4 and 507 more"
    assert facts(text, "PE image")["exports"] == f"512 functions of a.dll, 3 forwarded: {names}"


def test_an_image_has_its_own_signature_and_not_that_of_one_inside() -> None:
    table = PEDirectory(4, "SECURITY", 0x8000, 0x1000, 0x8000, None)
    outer = said(pe_image(directories=(table,), pe_header_offset=0x80), 0, 0x8000)
    inner = said(pe_image(pe_header_offset=0x2080), 0x2000, 0x1000)
    signatures = [
        said(built(PEAuthenticode, status=status, program_name=None), at, 16)
        for at, status in ((0x3000, "valid"), (0x8008, "broken"))
    ]
    tools = [
        said(PESignature(name, "compiler", None, "", at), at, 4) for name, at in (("Inner", 0x2100), ("Outer", 0x3800))
    ]
    text = drawn(report([outer, inner, *signatures, *tools]))
    told = facts(text, "PE image  at 0x0, the first of 2")
    assert "broken" in told["signed"]
    assert told["by"] == "Outer (compiler)"


def test_many_sections_show_the_largest_in_their_order() -> None:
    sections = [pe_section(index, 100 + index * (-1) ** index) for index in range(40)]
    text = drawn(report([said(pe_image()), *sections]))
    shown = [int(number) for number in re.findall(r"^  \.s(\d+) ", text, re.MULTILINE)]
    assert shown == list(range(16, 40, 2))
    assert "and 28 smaller sections" in text


def test_anomalies_that_attacks_are_known_by_come_first_and_each_once() -> None:
    plain = [said(Anomaly(f"plain_{number}", "seen"), number) for number in range(9)] + [
        said(Anomaly("plain_0", "x"), 99)
    ]
    known = said(Anomaly("known", "e_lfanew 4", ("T1027.001",), ("F0001", "B0001")), 5000)
    of_section = pe_section(1, 512, anomalies=("writable_and_executable",))
    text = drawn(report([said(pe_image()), *plain, known, of_section]))
    assert "  odd         known T1027.001 F0001 B0001: e_lfanew 4\n              plain_0: seen (2 times)\n" in text
    assert "              and 3 more\n" in text
    assert "writable_and_executable" not in text  # it comes behind those on the whole


def test_anomalies_without_an_image_are_findings_like_others() -> None:
    text = drawn(report([said(Anomaly("gzip_name_odd", "\\x01"), 5, 1)]))
    assert "anomaly  1\n    0x5 + 1 byte  name gzip_name_odd" in text


def test_an_overlay_is_told_with_its_digest_on_a_line() -> None:
    overlay = PEOverlay((PEPart("certificates", 0x800, 256),), 0, 7.5, "ab" * 32)
    text = drawn(report([said(pe_image(), 0, 0x800), said(overlay, 0x800, 256)]))
    assert f"  overlay     0x800, 256 bytes, entropy 7.50: certificates\n    sha256    {'ab' * 32}\n" in text


def test_an_elf_file_inside_an_image_is_counted() -> None:
    inside = [said(built(ELFImage, format="ELF64"), at, 100) for at in (0x900, 0xA00)]
    text = drawn(report([said(pe_image(), 0, 0x8000), *inside]))
    assert "\nELF file  at 0x900, the first of 2\n" in text
    assert "ELF64" not in text


def test_an_elf_file_says_what_it_needs() -> None:
    image = built(
        ELFImage, format="ELF64", kind="pie", machine="X86_64", byte_order="little", os_abi="SYSV", appimage=None
    )
    needed = tuple(f"lib{number}.so" for number in range(9))
    dynamic = built(ELFDynamic, number_of_needed=20, needed=needed, soname="a.so", runpath="$ORIGIN")
    told = facts(drawn(report([said(image), said(dynamic)])), "ELF file")
    assert told["file"] == "ELF64 pie · X86_64 · little endian · SYSV ABI"
    assert told["needs"].startswith("lib0.so, lib1.so")
    assert "lib7.so and 12 more" in drawn(report([said(image), said(dynamic)]))
    assert (told["soname"], told["run path"]) == ("a.so", "$ORIGIN")


def test_a_universal_file_lists_its_slices_and_shows_the_first() -> None:
    slices = tuple(
        MachOSlice(cpu, "ALL", (), at, 64, 64, 4096, "Mach-O") for cpu, at in (("X86_64", 64), ("ARM64", 128))
    )
    place = ((64, "slice"),)
    image = said(built(MachOImage, format="Mach-O 64", type="EXECUTE", cpu="X86_64"), 0, 64, place)
    text = drawn(report([said(MachOUniversal("fat", 2, slices, 0)), image]))
    assert "Universal file  Mach-O, 2 slices" in text
    assert re.search(r"ARM64 ALL +0x80 +64 bytes +Mach-O", text)
    assert facts(text, "Mach-O file  in /0x40/slice")["file"] == "Mach-O 64 EXECUTE · X86_64"


def test_executables_inside_are_counted_in_a_line() -> None:
    place = ((0, "gzip"),)
    inside = [
        said(pe_image(), 0, 9, place),
        *(said(PESignature("A", "packer", None, "", at), at, 1, place) for at in range(5)),
    ]
    assert "executables inside: pe_image 1, 5 findings on their parts" in drawn(report(inside))


@pytest.mark.parametrize(
    ("text", "number", "rows"), [(HOSTILE * 30, 2**64, 300), ("", -1, 0), ("", 0, 1), ("x" * 9999, 7, 3)]
)
@pytest.mark.parametrize("width", [40, 80, 120])
def test_whatever_bodies_hold_stays_short_and_on_the_page(width: int, text: str, number: int, rows: int) -> None:
    flat = min(rows, 20)  # rows in rows would be many
    whole: list[Body] = [filled(kind, text, number, flat) for kind in bodies()]
    for form in (pe, elf, macho):
        prefix = f"{form.FORM.name}_"
        told = report(said(body) for body in whole if body.tag.startswith(prefix))
        lines = drawn(told, width=width).split("\n")
        assert all(line.isprintable() and cell_len(line) <= width for line in lines)
        assert len(lines) < LONGEST
