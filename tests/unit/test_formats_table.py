"""The table of formats and the table of signatures agree with each other and with themselves."""

import csv
import re
from importlib.resources import files

import pytest

from rorqual.analyzers.formats import type_habits, type_ole, type_text, type_words, type_zip
from rorqual.analyzers.formats.type_head import CONFIDENCE
from rorqual.analyzers.formats.type_signatures import Signature, checks, signatures
from rorqual.findings.formats import all_formats, format_of

MIME = re.compile(r"[a-z]+/[A-Za-z0-9][A-Za-z0-9.+_-]*")


def test_ids_are_unique() -> None:
    text = files("rorqual.findings").joinpath("formats.csv").read_text("utf-8")
    ids = [row[0] for row in csv.reader(text.splitlines())]
    assert len(ids) == len(set(ids)) == len(all_formats()) + 1


def test_rows_are_well_formed() -> None:
    for row in all_formats().values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z]+)?", row.id), row
        assert MIME.fullmatch(row.mime), row
        assert not row.extension.startswith("."), row
        assert row.description, row
        assert row.family, row
        assert row.base == "" or row.base in all_formats(), row


def test_variants_belong_to_a_format() -> None:
    for row in all_formats().values():
        assert row.name in all_formats()
        assert row.is_a(row.name)


@pytest.mark.parametrize(
    ("id", "base"),
    [("apk", "zip"), ("svg", "text"), ("webm", "ebml"), ("pe-dll", "pe"), ("doc", "ole"), ("heic", "heif")],
)
def test_base_is_followed(id: str, base: str) -> None:
    assert format_of(id).is_a(base)
    assert not format_of(base).is_a(id)


def test_unknown_id() -> None:
    with pytest.raises(KeyError):
        format_of("no such format")


def test_ids_of_issue_4_are_there() -> None:
    named = "pdf zip pe elf macho jpeg png gif bmp tiff html javascript wasm iso tar dicom flac mp3 wav"
    assert [id for id in named.split(" ") if id not in all_formats()] == []


@pytest.mark.parametrize("row", signatures(), ids=lambda row: f"{row.format}@{row.at:#x}")
def test_signature(row: Signature) -> None:
    assert row.format in all_formats()
    assert row.note
    assert row.magic
    assert not row.mask or len(row.mask) == len(row.magic)
    assert not row.check or row.check in checks()
    weight = row.mask.count(0xFF) if row.mask else len(row.magic)
    assert row.check or weight >= 4, "a magic below 4 bytes needs a check of structure"


def test_every_check_is_used() -> None:
    assert set(checks()) == {row.check for row in signatures() if row.check}


def test_every_format_that_knowledge_names_is_in_the_table() -> None:
    named = {kind for _, kind in type_text.STARTS} | {kind for _, kind in type_text.PATTERNS}
    named |= {kind for _, kind in type_text.INTERPRETERS} | set(type_text.ROOTS.values())
    named |= {kind for _, kind in type_habits.JSON_KINDS} | set(type_habits.LAST.groupindex)
    named |= {kind for _, kind in type_ole.STREAMS} | {kind for _, kind in type_zip.MIMETYPES}
    named |= {kind for _, _, kind in type_zip.NAMES}
    keyed, short = type_words.pieces()
    named |= {kind for words in (*keyed.values(), short) for _, says in words for kind, _ in says}
    assert [id for id in sorted(named) if id not in all_formats()] == []


def test_confidence_grows_with_the_proof() -> None:
    order = (
        "none",
        "text",
        "habits",
        "mark",
        "magic",
        "long magic",
        "fields",
        "structure",
        "checksum",
        "empty",
    )
    values = [CONFIDENCE[proof] for proof in order]
    assert values == sorted(values)
    assert set(order) == set(CONFIDENCE)
