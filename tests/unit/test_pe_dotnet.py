"""Managed images: what their metadata say, and what lies do not do."""

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

import rorqual
from rorqual.analyzers.formats.pe.dotnet import PEDotNet
from rorqual.analyzers.formats.pe.dotnet.bodies import (
    DotNet,
    DotNetEmbedded,
    DotNetImports,
    DotNetLinked,
    DotNetReferences,
)
from rorqual.analyzers.formats.pe.dotnet.metadata import compressed
from rorqual.analyzers.formats.pe.dotnet.tables import chosen, tables
from rorqual.analyzers.formats.pe.probe import PE
from rorqual.sdk import Anomaly
from tests.builders.dotnet import Managed, assembly
from tests.builders.pe import build
from tests.builders.probing import woken


def said(data: bytes, kind: type) -> list[object]:
    return [one.body for one in woken(PE(), PEDotNet(), data) if isinstance(one.body, kind)]


def image_of(data: bytes) -> DotNet:
    (body,) = said(data, DotNet)
    assert isinstance(body, DotNet)
    return body


def anomalies_of(data: bytes) -> set[str]:
    return {body.name for body in said(data, Anomaly) if isinstance(body, Anomaly)}


def test_an_assembly() -> None:
    image = image_of(assembly())
    assert (image.assembly, image.assembly_version, image.culture) == ("whale", "1.2.3.4", "neutral")
    assert (image.runtime, image.version, image.flags) == ("2.5", "v4.0.30319", ("ILONLY", "STRONGNAMESIGNED"))
    assert image.entry_point == "Whale.Program::Main"
    assert image.mvid == "03020100-0504-0706-0809-0a0b0c0d0e0f"
    assert image.typelib_id == "59ce18df-cacb-4360-bb80-798bd6459ca3"
    assert image.target_framework == ".NETFramework,Version=v4.7.2"
    assert image.public_key_token == hashlib.sha1(bytes(range(120))).digest()[-8:][::-1].hex()
    assert image.module == "whale.exe"
    assert (image.references, image.resources, image.imports) == (2, 3, 1)
    assert image.strong_name
    assert not image.ready_to_run
    assert anomalies_of(assembly()) == set()


def test_what_it_refers_to() -> None:
    (references,) = said(assembly(), DotNetReferences)
    (imports,) = said(assembly(), DotNetImports)
    (linked,) = said(assembly(), DotNetLinked)
    assert [tuple(row) for row in references.rows] == [  # type: ignore[attr-defined]  # as asked for
        ("mscorlib", "4.0.0.0", "neutral", "b77a5c561934e089"),
        ("Krill", "2.1.0.0", "de", None),
    ]
    assert [tuple(row) for row in imports.rows] == [("kernel32.dll", "Beep")]  # type: ignore[attr-defined]
    assert [tuple(row) for row in linked.rows] == [  # type: ignore[attr-defined]
        ("whale.more", False, "more.resources", None),
        ("whale.krill", True, None, "Krill"),
    ]


def test_a_resource_that_is_a_program_is_a_child() -> None:
    inner = build()
    data = assembly(Managed(resource=inner))
    (resource,) = said(data, DotNetEmbedded)
    assert isinstance(resource, DotNetEmbedded)
    assert (resource.name, resource.public, resource.size, resource.content) == ("whale.data", True, len(inner), "pe")
    assert resource.sha256 == hashlib.sha256(inner).hexdigest()
    children = rorqual.scan(data).children
    assert [(child.size, child.type and child.type.format) for child in children] == [(len(inner), "pe")]


def test_lies_are_told() -> None:
    past = Managed(resource_size=1 << 20)
    assert "dotnet_resource_past_end" in anomalies_of(assembly(past))
    assert {"dotnet_stream_twice", "dotnet_stream_unknown"} <= anomalies_of(
        assembly(Managed(streams=(b"#Blob", b"#\xff")))
    )
    assert "dotnet_stream_outside_metadata" in anomalies_of(assembly(Managed(metadata_size=64)))
    assert "dotnet_metadata_missing" in anomalies_of(assembly(Managed(patches={0: b"BSJC"})))


def test_an_entry_point_that_is_native_or_nothing() -> None:
    assert image_of(assembly(Managed(flags=0x10, entry=0x1234))).entry_point == "0x1234"
    assert image_of(assembly(Managed(entry=0x0600_0777))).entry_point is None
    assert image_of(assembly(Managed(entry=0x2600_0001))).entry_point == "more.resources"
    assert image_of(assembly(Managed(entry=0))).entry_point is None


def test_compressed_numbers() -> None:
    known = {b"\x03": 3, b"\x7f": 0x7F, b"\x80\x80": 0x80, b"\xae\x57": 0x2E57, b"\xbf\xff": 0x3FFF}
    known |= {b"\xc0\x00\x40\x00": 0x4000, b"\xdf\xff\xff\xff": 0x1FFF_FFFF}  # ECMA-335, II.23.2
    for data, value in known.items():
        assert compressed(data) == (value, len(data))
    assert compressed(b"") == compressed(b"\xff") == compressed(b"\x80") == (0, 0)


def test_columns_are_as_wide_as_what_they_point_into() -> None:
    narrow, wide = tables(0, {0: 1, 1: 5, 2: 5}, 0), tables(0, {0: 1, 1: 1 << 14, 2: 1 << 16, 6: 1 << 16}, 7)
    assert (narrow[1].row.size, narrow[2].row.size) == (6, 14)
    assert (wide[1].row.size, wide[2].row.size) == (4 + 8, 4 + 8 + 4 + 2 + 4)
    assert narrow[2].at == narrow[1].at + 5 * 6
    assert chosen("HasCustomAttribute", 1 << 5 | 14) == (0x20, 1)
    assert chosen("CustomAttributeType", 9 << 3) == (-1, 9)


@settings(deadline=None)
@given(st.integers(0x200, 0x700), st.binary(min_size=1, max_size=12))
def test_no_lie_is_a_fault(at: int, lie: bytes) -> None:
    data = bytearray(assembly())
    data[at : at + len(lie)] = lie
    assert not rorqual.scan(bytes(data), analyzers=[PE(), PEDotNet()]).faults
