"""LHA and Zoo: what the corpus does not show."""

import pytest

import rorqual
from rorqual.analyzers.formats.archives.lha.headers import crc16
from rorqual.analyzers.formats.archives.lha.huffman import unhuffed
from rorqual.sdk import Malformed
from tests.builders.archives_lha import huffed, lha_member, zoo_archive
from tests.cases import handed_on
from tests.unit.test_archives_zip import claims

TEXT = b"keeps what feeds it; " * 30 + b"." * 900 + b"ab" * 200


@pytest.mark.parametrize("method", [b"-lh4-", b"-lh5-", b"-lh6-", b"-lh7-"])
@pytest.mark.parametrize("place", [0, 1, 3, 9])
def test_what_was_packed_comes_out(method: bytes, place: int) -> None:
    data = huffed(TEXT, place=place, method=method)
    assert len(data) < len(TEXT) * 9 // 8
    pieces = [data[at : at + 7] for at in range(0, len(data), 7)]
    assert b"".join(unhuffed(iter(pieces), 0, size=len(TEXT), method=method)) == TEXT
    with pytest.raises(Malformed):
        list(unhuffed(iter([data[: len(data) // 2]]), 0, size=len(TEXT), method=method))


def test_before_the_first_byte_there_are_blanks() -> None:
    data = huffed(b"a")  # its copies are of distance 1; make one before anything was decoded
    symbols = (
        "0000000000000001" + "00000" + format(11, "05b") + format(510, "09b") + "0000" + "0000" + format(256, "09b")
    )
    early = int(symbols + "0" * (-len(symbols) % 8), 2).to_bytes(-(-len(symbols) // 8), "big")
    assert b"".join(unhuffed(iter([early]), 0, size=3, method=b"-lh5-")) == b"   "
    assert b"".join(unhuffed(iter([data]), 0, size=1, method=b"-lh5-")) == b"a"


def test_crc16() -> None:
    assert crc16(b"123456789") == 0xBB3D  # of the catalogue of parametrised CRCs, ARC


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("end", [b"\0", b""])
def test_between_other_bytes_the_extent_is_exact(level: int, end: bytes) -> None:
    members = lha_member(b"a.txt", b"first", level=level) + lha_member(b"b", b"x" * 5000, level=level)
    whole = members + end
    assert claims(rorqual.scan(whole), "lha") == [(0, len(whole))]
    report = rorqual.scan(b"x" * 777 + whole + b"y" * 99)
    assert claims(report, "lha") == [(777, len(whole))]
    assert [child.size for child in handed_on(report)] == [5, 5000]


def test_zoo_between_other_bytes() -> None:
    whole = zoo_archive((b"a", b"first", False), (b"b", b"x" * 700, False))
    report = rorqual.scan(b"x" * 777 + whole + b"y" * 99, chunk_size=64)
    assert claims(report, "zoo") == [(777, len(whole))]
    assert [child.size for child in handed_on(report)] == [5, 700]
