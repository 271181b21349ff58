"""tar: what the corpus does not show."""

import io
import tarfile

import pytest

import rorqual
from rorqual.analyzers.formats.archives.tar.headers import number
from tests.builders.archives_tar import END, tar_header, tar_member
from tests.cases import handed_on
from tests.unit.test_archives_zip import anomalies, claims


def made(format: int, **contents: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("chunk", [1000, 1 << 20])
def test_between_other_bytes_the_extent_is_exact(format: int, chunk: int) -> None:
    whole = made(format, a=b"x" * 100, b=b"y" * 5000, c=b"")
    assert claims(rorqual.scan(whole, chunk_size=chunk), "tar") == [(0, len(whole))]
    report = rorqual.scan(b"x" * 777 + whole + b"y" * 99, chunk_size=chunk)
    assert claims(report, "tar") == [(777, len(whole))]
    assert [(child.name, child.size) for child in handed_on(report)] == [("a", 100), ("b", 5000)]
    assert anomalies(report) == []


def test_padding_of_a_record_counts_only_where_it_is_whole() -> None:
    short = tar_member(b"a", b"b") + END
    assert claims(rorqual.scan(short), "tar") == [(0, len(short))]
    assert claims(rorqual.scan(short + bytes(700) + b"other"), "tar") == [(0, len(short))]
    assert claims(rorqual.scan(short + bytes(10240 - len(short)) + b"other"), "tar") == [(0, 10240)]


def test_large_members_do_not_make_later_headers_first() -> None:
    whole = made(tarfile.GNU_FORMAT, a=bytes(3 << 20), b=b"ustar  \0" * 9000, c=b"z" * 3000)
    assert claims(rorqual.scan(b"." * 512 + whole), "tar") == [(512, len(whole))]


def test_an_archive_in_an_archive_is_claimed_in_both() -> None:
    inner = made(tarfile.GNU_FORMAT, deep=b"at the bottom" * 300)
    outer = made(tarfile.GNU_FORMAT, first=b"1", inner=inner, last=b"2" * 600)
    report = rorqual.scan(outer)
    assert claims(report, "tar") == [(0, len(outer)), (1536, len(inner))]
    (child,) = [child for child in handed_on(report) if child.name == "inner"]
    assert child.type is not None
    assert child.type.format == "tar"


def test_long_names_of_gnu() -> None:
    name = "folder/" + "long" * 60
    report = rorqual.scan(made(tarfile.GNU_FORMAT, **{name: b"content"}))
    assert [child.name for child in handed_on(report)] == [name]


def test_maps_of_sparse_members_are_passed_over() -> None:
    first = bytearray(tar_header(b"sparse", 7, kind=b"S", magic=b"ustar  \0"))
    first[482] = 1
    first[148:156] = b"        "
    first[148:156] = b"%06o\0 " % sum(first)
    more = bytes(504) + b"\0" + bytes(7)
    whole = bytes(first) + more + b"content".ljust(512, b"\0") + tar_member(b"next", b"x") + END
    report = rorqual.scan(whole)
    assert claims(report, "tar") == [(0, len(whole))]
    assert [(child.name, child.size) for child in handed_on(report)] == [("sparse", 7), ("next", 1)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (b"0000644\0", 0o644),
        (b"   644 \0", 0o644),
        (b"\0" * 8, 0),
        (b"644\0junk", 0o644),
        (b"\x80\0\0\0\0\0\1\0", 256),
        (b"\xff" * 8, -1),
        (b"nothing!", None),
    ],
)
def test_numbers(field: bytes, value: int | None) -> None:
    assert number(field) == value


def test_without_blocks_of_zeros_the_extent_ends_with_the_last_member() -> None:
    whole = tar_member(b"a", b"b") + tar_member(b"c", b"d")
    assert claims(rorqual.scan(whole), "tar") == [(0, len(whole))]
    assert claims(rorqual.scan(whole + b"PK" * 600), "tar") == [(0, len(whole))]
