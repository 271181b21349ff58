"""What the corpora of fonts do not show: exact extents between other bytes, rare variants, children decoded."""

from typing import Any

import pytest

import rorqual
from rorqual.findings.record import Finding
from tests.builders import fonts_tables as fonts

FONTS: dict[str, tuple[str, bytes]] = {
    "ttf": ("ttf", fonts.sfnt()),
    "ttf of Apple": ("ttf", fonts.sfnt(version=b"true")),
    "otf": ("otf", fonts.sfnt(version=b"OTTO")),
    "ttc": ("ttc", fonts.ttc("Whale", "Dolphin")),
    "woff": ("woff", fonts.woff()),
    "woff, with all": ("woff", fonts.woff(metadata=b"<metadata/>" * 9, private=b"private")),
    "woff2": ("woff2", fonts.woff2()),
    "woff2, with private data": ("woff2", fonts.woff2(private=b"private")),
    "eot": ("eot", fonts.eot()),
    "eot 2.1": ("eot", fonts.eot(root="http://sea.example")),
    "eot under XOR": ("eot", fonts.eot(key=0x50)),
    "pfb": ("pfb", fonts.pfb()),
    "pfa": ("pfa", fonts.pfa()),
    "pcf": ("pcf", fonts.pcf()),
    "cff": ("cff", fonts.cff()),
}


def _body(finding: Finding) -> Any:
    return finding.body


def _claims(data: bytes, format: str) -> list[tuple[int, int]]:
    found = rorqual.scan(data).findings("claim")
    return [(one.offset, one.size) for one in found if _body(one).format == format and not one.place]


@pytest.mark.parametrize("name", FONTS)
def test_extent_is_exact_between_other_bytes(name: str) -> None:
    format, data = FONTS[name]
    assert (0, len(data)) in _claims(data, format)
    assert (777, len(data)) in _claims(b"x" * 777 + data + b"y" * 99, format)


@pytest.mark.parametrize("name", FONTS)
def test_what_is_cut_is_not_claimed(name: str) -> None:
    format, data = FONTS[name]
    assert _claims(data[: len(data) * 2 // 3], format) == []


def test_fonts_of_a_collection_are_not_claimed_alone() -> None:
    assert _claims(fonts.ttc("Whale", "Dolphin"), "ttf") == []


def test_compact_font_in_an_opentype_font_belongs_to_it() -> None:
    data = fonts.sfnt({**fonts.TABLES, b"CFF ": fonts.cff()}, version=b"OTTO")
    assert _claims(data, "otf") == [(0, len(data))]
    assert _claims(data, "cff") == []


def test_names_in_a_font() -> None:
    body = _body(
        next(iter(rorqual.scan(fonts.sfnt({**fonts.TABLES, b"name": fonts.names("Moby")})).findings("font_file")))
    )
    assert (body.family, body.glyphs, body.checksums) == ("Moby", 7, 3)


def test_font_under_xor_is_decoded() -> None:
    report = rorqual.scan(fonts.eot(key=0x50))
    assert [child.size for child in report.children] == [len(fonts.sfnt())]
    assert [_body(one).format for one in report.findings("claim") if one.place] == ["ttf"]


def test_text_in_a_segment_is_no_second_font() -> None:
    assert _claims(fonts.pfb(), "pfa") == []


def test_rooms() -> None:
    parasite = b"PK\3\4 and so on, for as long as it takes"
    hosts = [
        ("unused", fonts.sfnt(gap=parasite)),
        ("private", fonts.sfnt({**fonts.TABLES, b"whal": parasite})),
        ("private", fonts.woff(private=parasite)),
        ("private", fonts.woff2(private=parasite)),
        ("slack", fonts.woff2(slack=parasite)),
        ("unused", fonts.pcf(gap=parasite)),
        ("unused", fonts.cff(gap=parasite)),
    ]
    for use, host in hosts:
        rooms = [
            (_body(one).use, host[one.offset : one.offset + one.size]) for one in rorqual.scan(host).findings("room")
        ]
        assert any(use == found and parasite in room for found, room in rooms), host[:4]
