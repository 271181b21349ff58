"""ZIP: what the corpus does not show."""

import io
import struct
import zipfile
import zlib

import pytest

import rorqual
from rorqual.analyzers.formats.archives.zip.aes import encrypted, expanded, keystream
from rorqual.analyzers.formats.archives.zip.ciphers import aes_keys
from rorqual.analyzers.formats.archives.zip.deflate64 import inflate64
from rorqual.findings.report import Report
from rorqual.sdk import Claim, Malformed
from tests.builders.archives_zip import ZipItem, zip64, zip_archive, zip_central, zip_local
from tests.cases import handed_on

PLAIN = zip_archive(ZipItem(b"a.txt", b"whale " * 20), ZipItem(b"b.txt", b"as it is", method=0))


def claims(report: Report, format: str = "zip") -> list[tuple[int, int]]:
    """(offset, size) of what is claimed in the file itself."""
    found = [one for one in report.findings("claim") if one.place == ()]
    return [(one.offset, one.size) for one in found if isinstance(one.body, Claim) and one.body.format == format]


def anomalies(report: Report) -> list[str]:
    return [one.body.name for one in report.findings("anomaly") if one.place == ()]  # type: ignore[attr-defined]  # all are Anomaly


def archive(report: Report) -> dict[str, object]:
    (finding,) = [one for one in report.findings("zip_archive") if one.place == ()]
    found: dict[str, object] = finding.to_dict()["zip_archive"]  # type: ignore[assignment]  # a record
    return found


@pytest.mark.parametrize("chunk", [13, 1 << 20])
def test_between_other_bytes_the_extent_is_exact(chunk: int) -> None:
    report = rorqual.scan(b"x" * 777 + PLAIN + b"y" * 99, chunk_size=chunk)
    assert claims(report) == [(777, len(PLAIN))]
    assert archive(report)["offsets"] == "archive"
    assert [child.name for child in handed_on(report)] == ["a.txt", "b.txt"]
    assert anomalies(report) == []


def test_offsets_may_count_from_the_start_of_the_source() -> None:
    whole = b"MZ" * 50 + zip_archive(ZipItem(b"a.txt", b"whale " * 20), origin=100)
    report = rorqual.scan(whole)
    assert claims(report) == [(100, len(whole) - 100)]
    assert archive(report)["offsets"] == "source"
    assert archive(report)["prefix"] == 100


@pytest.mark.parametrize("before", [b"", b"z" * 50])
def test_zip64(before: bytes) -> None:
    whole = zip64(PLAIN)
    report = rorqual.scan(before + whole)
    assert claims(report) == [(len(before), len(whole))]
    assert archive(report)["zip64"] is True
    assert anomalies(report) == []


def test_sizes_in_zip64s_extra_field() -> None:
    content = b"wide" * 9
    extra = struct.pack("<2H2Q", 1, 16, len(content), len(content))
    full = {"packed": 0xFFFFFFFF, "size": 0xFFFFFFFF}
    item = ZipItem(b"w", content, method=0, extra=extra, central_extra=extra, central={**full}, local={**full})
    report = rorqual.scan(zip_archive(item))
    assert anomalies(report) == []
    assert [child.size for child in handed_on(report)] == [len(content)]


def test_an_empty_archive_with_a_comment_is_one_at_the_start_alone() -> None:
    empty = zip_archive(comment=b"nothing in here")
    assert claims(rorqual.scan(empty)) == [(0, len(empty))]
    assert claims(rorqual.scan(b"." + empty)) == []


def test_two_archives_in_a_row_are_both_claimed() -> None:
    report = rorqual.scan(PLAIN + PLAIN)
    assert claims(report) == [(0, len(PLAIN)), (len(PLAIN), len(PLAIN))]


def test_a_stored_archive_in_an_archive() -> None:
    outer = zip_archive(ZipItem(b"inner.zip", PLAIN, method=0), ZipItem(b"z", b"other"))
    report = rorqual.scan(outer)
    assert (0, len(outer)) in claims(report)
    inner = [child for child in handed_on(report) if child.name == "inner.zip"]
    assert inner[0].type is not None
    assert inner[0].type.format == "zip"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_of_the_standard_library(method: int) -> None:
    out = io.BytesIO()
    content = b"the whale keeps what feeds it\n" * 3000
    with zipfile.ZipFile(out, "w", method) as writer:
        writer.writestr("a.txt", content)
    report = rorqual.scan(out.getvalue())
    assert claims(report) == [(0, len(out.getvalue()))]
    assert [child.size for child in handed_on(report)] == [len(content)]
    assert not list(report.findings("broken_stream"))


def test_deflate64_copies_far_and_long() -> None:
    # A fixed block by hand: 'a', then a copy of 3 + 65535 from a distance of 1 (RFC 1951, 3.2.6, with 285 of 16 bits).
    bits = ""
    for code in (format(0x30 + ord("a"), "08b"), "11000101", format(0xFFFF, "016b"), "00000", "0000000"):
        bits += code
    bits = "1" + "10" + bits
    data = int(bits[::-1], 2).to_bytes((len(bits) + 7) // 8, "little")
    assert b"".join(inflate64(iter([data]), 0)) == b"a" * (1 + 3 + 0xFFFF)
    with pytest.raises(Malformed):
        list(inflate64(iter([data[:4]]), 0))
    stored = zlib.compressobj(0, zlib.DEFLATED, -15)
    text = bytes(range(256)) * 20
    assert b"".join(inflate64(iter([stored.compress(text) + stored.flush()]), 0)) == text
    for level in (1, 9):
        packed = zlib.compressobj(level, zlib.DEFLATED, -15, 9, zlib.Z_HUFFMAN_ONLY)
        data = packed.compress(text) + packed.flush()
        assert b"".join(inflate64(iter([data[:100], data[100:]]), 0)) == text


@pytest.mark.parametrize(
    ("key", "cipher"),
    [
        ("000102030405060708090a0b0c0d0e0f", "69c4e0d86a7b0430d8cdb78070b4c55a"),
        ("000102030405060708090a0b0c0d0e0f1011121314151617", "dda97ca4864cdfe06eaf70a0ec0d7191"),
        ("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "8ea2b7ca516745bfeafc49904b496089"),
    ],
)
def test_aes_gives_the_examples_of_its_standard(key: str, cipher: str) -> None:
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")  # FIPS 197, appendix C
    planes = encrypted([bytes([byte]) * 3 for byte in plain], expanded(bytes.fromhex(key)))
    assert b"".join(plane[1:2] for plane in planes).hex() == cipher


def winzip(content: bytes, password: bytes, strength: int) -> bytes:
    """A member as WinZip encrypts it, version 2."""
    import hashlib  # noqa: PLC0415 - used here alone
    import hmac  # noqa: PLC0415 - the same

    salt = bytes(range(4 + 4 * strength))
    key, other, check = aes_keys(salt, password, strength)
    stream = next(keystream(key))
    sealed = bytes(a ^ b for a, b in zip(content, stream, strict=False))
    code = hmac.new(other, sealed, hashlib.sha1).digest()[:10]
    return salt + check + sealed + code


@pytest.mark.parametrize("strength", [1, 2, 3])
@pytest.mark.parametrize("password", ["infected", "nobody knows it"])
def test_winzips_encryption(strength: int, password: str) -> None:
    content = b"what is kept here" * 100
    extra = struct.pack("<2HH2sBH", 0x9901, 7, 2, b"AE", strength, 0)
    item = ZipItem(
        b"s.txt",
        content,
        method=99,
        flags=1,
        extra=extra,
        central_extra=extra,
        data=winzip(content, password.encode(), strength),
        central={"crc": 0},
        local={"crc": 0},
    )
    report = rorqual.scan(zip_archive(item))
    assert report.complete
    assert archive(report)["encryption"] == [f"aes-{64 + 64 * strength}"]
    sizes = [child.size for child in handed_on(report)]
    assert sizes == ([len(content)] if password == "infected" else [])
    known = rorqual.scan(zip_archive(item), passwords=[password])
    assert [child.size for child in handed_on(known)] == [len(content)]
    assert not list(known.findings("broken_stream"))


def test_an_android_signing_block_is_room_and_its_schemes_are_told() -> None:
    pair = struct.pack("<QL", 4 + 8, 0x7109871A) + b"signed.." + struct.pack("<QL", 4 + 9, 0x12345678) + b"somethin!"
    size = len(pair) + 24
    block = struct.pack("<Q", size) + pair + struct.pack("<Q", size) + b"APK Sig Block 42"
    items = (ZipItem(b"AndroidManifest.xml", b"\3\0\x08\0"), ZipItem(b"classes.dex", b"dex\n035\0"))
    report = rorqual.scan(zip_archive(*items, before_directory=block))
    found = archive(report)
    assert (found["flavour"], found["signing"]) == ("apk", ["v2", "0x12345678"])
    rooms = [one for one in report.findings("room") if one.place == ()]
    assert [(one.size, one.body.use) for one in rooms] == [(len(block), "private")]  # type: ignore[attr-defined]  # a Room


@pytest.mark.parametrize(
    ("names", "flavour"),
    [
        (["[Content_Types].xml", "word/document.xml"], "docx"),
        (["word/document.xml"], "zip"),
        (["[Content_Types].xml", "xl/workbook.xml"], "xlsx"),
        (["META-INF/MANIFEST.MF", "WEB-INF/web.xml"], "war"),
        (["a/__init__.py", "a-1.dist-info/WHEEL"], "whl"),
        (["Payload/A.app/Info.plist"], "ipa"),
        (["[Content_Types].xml", "a.nuspec"], "nupkg"),
        (["x.npy", "y.npy"], "npz"),
        (["manifest.json", "META-INF/MANIFEST.MF"], "xpi"),
        (["readme.txt"], "zip"),
    ],
)
def test_flavours(names: list[str], flavour: str) -> None:
    assert archive(rorqual.scan(zip_archive(*(ZipItem(name.encode(), b"x") for name in names))))["flavour"] == flavour


def test_flavour_by_mimetype() -> None:
    mimetype = ZipItem(b"mimetype", b"application/epub+zip", method=0)
    assert archive(rorqual.scan(zip_archive(mimetype, ZipItem(b"a", b"b"))))["flavour"] == "epub"


def test_many_members_are_bounded_and_those_too_many_are_told() -> None:
    items = [ZipItem(b"%d" % number, b"%d" % number, method=0) for number in range(9000)]
    report = rorqual.scan(zip_archive(*items), limits=rorqual.Limits(depth=1, children=20))
    assert archive(report)["entries"] == 9000
    assert len(list(report.findings("zip_members"))) == -(-9000 // 256)
    assert not report.complete


def test_what_is_cut_within_the_directory_is_recovered() -> None:
    report = rorqual.scan(PLAIN[: PLAIN.index(b"PK\1\2") + 20])
    (fragment,) = report.findings("zip_fragment")
    assert fragment.to_dict()["zip_fragment"]["members"] == 2  # type: ignore[index,call-overload]  # a record
    assert [child.size for child in handed_on(report)] == [120, 8]


def test_data_behind_a_deflated_stream_are_told() -> None:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = stream.compress(b"shown" * 9) + stream.flush() + b"hidden behind it"
    report = rorqual.scan(zip_archive(ZipItem(b"a", b"shown" * 9, data=data)))
    (broken,) = report.findings("broken_stream")
    assert "end of the member" in str(broken.body)


def test_a_whole_archive_behind_a_cut_one_does_not_hide_that() -> None:
    cut = PLAIN[: PLAIN.index(b"PK\1\2")]
    report = rorqual.scan(cut + b"something between" + PLAIN)
    (fragment,) = report.findings("zip_fragment")
    assert (fragment.offset, fragment.size) == (0, len(cut))
    assert claims(report)[-1] == (len(cut) + 17, len(PLAIN))


def test_an_archive_far_from_its_sources_end_is_no_fragment() -> None:
    report = rorqual.scan(PLAIN + bytes(200_000))
    assert claims(report) == [(0, len(PLAIN))]
    assert not list(report.findings("zip_fragment"))


def test_a_bomb_without_nesting_is_decoded_about_once() -> None:
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(bytes(1 << 20)) + kernel.flush()
    first = ZipItem(b"kernel", bytes(1 << 20), data=packed)
    entries = [
        ZipItem(b"%03d" % number, bytes(1 << 20), data=packed, central={"offset": 0, "name": b"%03d" % number})
        for number in range(50)
    ]
    local = zip_local(first)
    directory = b"".join(zip_central(entry, 0) for entry in entries)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 50, 50, len(directory), len(local), 0)
    report = rorqual.scan(local + directory + end)
    assert sum(child.size for child in handed_on(report)) == 1 << 20
    assert "member_listed_twice" in anomalies(report)
