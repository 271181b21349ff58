"""cpio, ar, RPM, Chrome extensions, Electron archives: what the corpus does not show."""

import pytest

import rorqual
from tests.builders.archives_packages import asar, crx3, rpm_package
from tests.builders.archives_plain import ar_member, cpio_member, cpio_trailer
from tests.builders.archives_zip import ZipItem, zip_archive
from tests.cases import handed_on
from tests.unit.test_archives_zip import claims

ZIP = zip_archive(ZipItem(b"manifest.json", b"{}"), ZipItem(b"b", b"x" * 3000, method=0), comment=b"at the end")
WHOLE = {
    "ar": b"!<arch>\n" + ar_member(b"a/", b"odd") + ar_member(b"b/", b"x" * 5000),
    "rpm": rpm_package(),
    "crx": crx3(ZIP),
    "asar": asar({"a": {"size": 3, "offset": "0"}, "b": {"size": 5000, "offset": "3"}}, b"odd" + b"y" * 5000),
}
FORMS = ("little", "big", "odc", "newc", "crc")


@pytest.mark.parametrize("format", sorted(WHOLE))
@pytest.mark.parametrize("chunk", [100, 1 << 20])
def test_between_other_bytes_the_extent_is_exact(format: str, chunk: int) -> None:
    whole = WHOLE[format]
    assert claims(rorqual.scan(whole, chunk_size=chunk), format) == [(0, len(whole))]
    assert claims(rorqual.scan(b"x" * 777 + whole + b"y" * 99, chunk_size=chunk), format) == [(777, len(whole))]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("padded", [False, True])
def test_every_form_of_cpio_has_an_exact_extent(form: str, *, padded: bool) -> None:
    large = b"x" * 70_000
    whole = cpio_member(form, b"dir", mode=0o40755) + cpio_member(form, b"dir/a", large, check=sum(large))
    whole += cpio_member(form, b"dir/b", b"odd", check=sum(b"odd")) + cpio_trailer(form)
    whole += bytes(-len(whole) % 512) if padded else b""
    assert claims(rorqual.scan(whole), "cpio") == [(0, len(whole))]
    report = rorqual.scan(b"x" * 777 + whole + b"y" * 99)
    assert claims(report, "cpio") == [(777, len(whole))]
    assert [(child.name, child.size) for child in handed_on(report)] == [("dir/a", 70_000), ("dir/b", 3)]
    assert not list(report.findings("anomaly"))


def test_cpio_archives_in_a_row_are_each_claimed() -> None:
    one = cpio_member("newc", b"a", b"first") + cpio_trailer("newc")
    two = cpio_member("newc", b"b", b"second") + cpio_trailer("newc")
    assert claims(rorqual.scan(one + two), "cpio") == [(0, len(one)), (len(one), len(two))]


def test_an_ar_archive_of_nothing_is_one_where_it_is_all_there_is() -> None:
    assert claims(rorqual.scan(b"!<arch>\n"), "ar") == [(0, 8)]
    assert claims(rorqual.scan(b"!<arch>\nmore"), "ar") == []
    assert claims(rorqual.scan(b".!<arch>\n"), "ar") == []


def test_the_last_ar_member_may_lack_its_padding() -> None:
    whole = b"!<arch>\n" + ar_member(b"a/", b"odd")
    assert claims(rorqual.scan(whole[:-1]), "ar") == [(0, len(whole) - 1)]
    assert claims(rorqual.scan(whole), "ar") == [(0, len(whole))]


def test_an_rpms_payload_is_decoded_once() -> None:
    report = rorqual.scan(rpm_package())
    assert [child.place[-1][1] for child in handed_on(report) if len(child.place) == 1] == ["rpm-script", "gzip"]
    assert report.complete


def test_a_crx_whose_archive_has_zip64_records() -> None:
    from tests.builders.archives_zip import zip64  # noqa: PLC0415 - used here alone

    whole = crx3(zip64(zip_archive(ZipItem(b"manifest.json", b"{}"))))
    assert claims(rorqual.scan(whole + b"more"), "crx") == [(0, len(whole))]


def test_an_asar_of_folders_in_folders_ends() -> None:
    tree: dict[str, object] = {"leaf": {"size": 1, "offset": "0"}}
    for _ in range(300):
        tree = {"d": {"files": tree}}
    report = rorqual.scan(asar(tree, b"x"))
    assert report.faults == ()
