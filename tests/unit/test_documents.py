"""Documents: what the corpus does not show: rare variants, real encoders, exact extents between other bytes."""

import base64
import binascii
import hashlib
import quopri
import zlib
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from typing import Any

import pytest

import rorqual
from rorqual.analyzers.formats.documents import ole_summary, pdf_filters
from rorqual.analyzers.formats.documents.pdf_syntax import Name, Ref, parse, text
from rorqual.findings.ledger import State
from rorqual.findings.report import Report
from rorqual.sdk import Anomaly, Claim, Malformed, Room
from tests.builders import documents_lnk, documents_mail, documents_ole, documents_pdf, documents_rtf
from tests.cases import cases, handed_on

BEFORE, AFTER = b"x" * 777, b"y" * 99


def body_of(report: Report, kind: str) -> Any:
    """The body of the first finding of the kind; its fields are asked for by name."""
    return next(report.findings(kind)).body


def opaque(report: Report) -> list[str]:
    """Why bytes are closed."""
    return [line.reason for line in report.coverage if line.state is State.OPAQUE]


def claims(report: Report, *formats: str) -> list[tuple[int, int, str]]:
    found = [one for one in report if isinstance(one.body, Claim) and not one.place]
    return [
        (one.offset, one.size, one.body.format)
        for one in found
        if isinstance(one.body, Claim) and (not formats or one.body.format in formats)
    ]


def anomalies(report: Report) -> set[str]:
    return {one.body.name for one in report if isinstance(one.body, Anomaly)}


def rooms(report: Report, format: str) -> list[tuple[int, int, str]]:
    return [
        (one.offset, one.size, one.body.use)
        for one in report
        if isinstance(one.body, Room) and one.body.format == format
    ]


@pytest.mark.parametrize("analyzer", ["epsbin", "lnk", "ole", "one", "pdf", "postscript", "rtf"])
def test_extent_is_the_same_between_other_bytes(analyzer: str) -> None:
    for case in cases():
        if case.analyzer == analyzer and case.name == "clean":
            data = case.data().removeprefix(b"before").removesuffix(b"after").lstrip(b"\n")
            assert (0, len(data)) in [one[:2] for one in claims(rorqual.scan(data))]
            assert (777, len(data)) in [one[:2] for one in claims(rorqual.scan(BEFORE + data + AFTER))]


# PDF


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"[1 -2.5 +3 .5 4. true null]", [1, -2.5, 3, 0.5, 4.0, True, None]),
        (b"(a\\(b\\)(c)\\101\\\r\nd)", b"a(b)(c)Ad"),
        (b"<48 65 6C6>", b"Hel`"),
        (b"<</A#42/C/D 12 0 R/E[12 0 R 7]>>", {"AB": Name("C"), "D": Ref(12, 0), "E": [Ref(12, 0), 7]}),
        (b" % remark\n/Name", Name("Name")),
    ],
)
def test_pdf_values(written: bytes, meant: object) -> None:
    assert parse(written)[0] == meant


@pytest.mark.parametrize("written", [b"[1 2", b"<</A]", b"(open", b")", b"[" * 99, b"nonsense"])
def test_pdf_values_that_are_none(written: bytes) -> None:
    with pytest.raises(Malformed):
        parse(written)


def test_pdf_text_strings() -> None:
    assert text(b"\xfe\xff\0W\x20\xac") == "W€"
    assert text(b"\xef\xbb\xbf\xe2\x82\xac") == "€"
    assert text(b"caf\xe9") == "café"
    assert text(7) is None


def _through(step: object, data: bytes, width: int) -> bytes:
    pieces: Iterator[bytes] = iter([data[at : at + width] for at in range(0, len(data), width)])
    return b"".join(step(pieces, 0))  # type: ignore[operator]  # any of the filters


@pytest.mark.parametrize("width", [1, 7, 10_000])
def test_pdf_filters_in_any_pieces(width: int) -> None:
    data = bytes(range(256)) * 3 + bytes(8) + b"whale" * 200
    assert _through(pdf_filters.flate, zlib.compress(data), width) == data
    assert _through(pdf_filters.ascii_hex, data.hex(" ").encode() + b">rest", width) == data
    assert _through(pdf_filters.ascii85, base64.a85encode(data) + b"~>rest", width) == data
    assert _through(pdf_filters.ascii85, base64.a85encode(data[:-1], adobe=True), width) == data[:-1]
    assert _through(pdf_filters.run_length, b"\x02abc\xfed\x80rest", width) == b"abcddd"
    assert _through(pdf_filters.lzw, bytes.fromhex("800b6050220c0c8501"), width) == bytes(
        [45] * 5 + [65, 45, 45, 45, 66]
    )


@pytest.mark.parametrize("early", [0, 1])
def test_pdf_lzw_with_wide_codes(early: int) -> None:
    data = bytes((i * i >> 3) & 0xFF for i in range(9000))
    assert _through(partial(pdf_filters.lzw, early=early), lzw(data, early), 997) == data


def lzw(data: bytes, early: int) -> bytes:
    """An encoder as the specification has it, which clears the table when it is full."""
    table: dict[bytes, int] = {}
    out = bits = have = 0
    made = bytearray()
    width, word = 9, b""

    def put(code: int) -> None:
        nonlocal bits, have
        bits, have = bits << width | code, have + width
        while have >= 8:
            have -= 8
            made.append(bits >> have & 0xFF)
            bits &= (1 << have) - 1

    def code_of(one: bytes) -> int:
        return one[0] if len(one) == 1 else table[one]

    put(256)
    for byte in data:
        longer = word + bytes([byte])
        if len(longer) == 1 or longer in table:
            word = longer
            continue
        put(code_of(word))
        table[longer] = 258 + len(table)
        if 258 + len(table) + early > 4095:
            put(256)
            table.clear()
            width = 9
        else:
            width = (258 + len(table) - 1 + early).bit_length()
        word = bytes([byte])
    put(code_of(word))
    put(257)
    if have:
        made.append(bits << 8 - have & 0xFF)
    assert out == 0
    return bytes(made)


@pytest.mark.parametrize("kind", range(5))
def test_pdf_predictors_of_png(kind: int) -> None:
    rows = [bytes((i * row * 7 + i) & 0xFF for i in range(12)) for row in range(5)]
    filtered, above = b"", bytes(12)
    for row in rows:
        line = bytearray()
        for at, byte in enumerate(row):
            left, corner = (row[at - 3], above[at - 3]) if at >= 3 else (0, 0)
            guess = [0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner)][kind]
            line.append((byte - guess) & 0xFF)
        filtered += bytes([kind]) + line
        above = row
    how = pdf_filters.Filter("FlateDecode", 15, 3, 8, 4)
    assert b"".join(pdf_filters.predicted(iter([filtered[:20], filtered[20:]]), 0, how)) == b"".join(rows)


def _paeth(a: int, b: int, c: int) -> int:
    return min((a, b, c), key=lambda one: abs(a + b - c - one))


def test_pdf_offsets_from_header_and_from_source() -> None:
    plain = documents_pdf.pdf(*documents_pdf.PLAIN)
    moved = documents_pdf.pdf(*documents_pdf.PLAIN, base=7)
    assert body_of(rorqual.scan(plain), "pdf_document").offsets_from == "both"
    assert body_of(rorqual.scan(b"1234567" + plain), "pdf_document").offsets_from == "header"
    assert body_of(rorqual.scan(b"1234567" + moved), "pdf_document").offsets_from == "source"


@pytest.mark.parametrize("end", [b"%%EOF", b"%%EOF\n", b"%%EOF\r\n", b"%%EOF\r"])
def test_pdf_ends_with_its_line(end: bytes) -> None:
    data = documents_pdf.pdf(*documents_pdf.PLAIN, end=end)
    assert claims(rorqual.scan(data + b"and other bytes"), "pdf") == [(0, len(data), "pdf")]


def test_pdf_two_in_a_row() -> None:
    one = documents_pdf.pdf(*documents_pdf.PLAIN)
    assert claims(rorqual.scan(one + one), "pdf") == [(0, len(one), "pdf"), (len(one), len(one), "pdf")]


def test_pdf_length_that_stands_behind_the_stream_it_is_of() -> None:
    inner = documents_pdf.pdf(*documents_pdf.PLAIN)
    held = b"<</Length 5 0 R>>\nstream\n" + inner + b"\nendstream"
    data = documents_pdf.pdf(*documents_pdf.PLAIN[:3], held, b"%d" % len(inner))
    assert claims(rorqual.scan(data), "pdf")[0] == (0, len(data), "pdf")


def test_pdf_object_streams_are_read() -> None:
    objects = [b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(1)>>>>", b"<</Type/Pages/Count 7/Kids[]>>"]
    head = b"1 0 2 %d " % (len(objects[0]) + 1)
    packed = documents_pdf.flate(head + b" ".join(objects), b"/Type/ObjStm/N 2/First %d" % len(head))
    table = documents_pdf.stream(b"\0", b"/Type/XRef/Root 1 0 R/Size 5/W[1 1 1]")
    data = b"%PDF-1.5\n3 0 obj\n" + packed + b"\nendobj\n"
    at = len(data)
    data += b"4 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % at
    report = rorqual.scan(data)
    body = body_of(report, "pdf_document")
    assert (body.pages, body.javascript, body.open_action, body.object_streams) == (7, 1, True, 1)
    assert claims(report, "pdf") == [(0, len(data), "pdf")]
    assert rooms(report, "pdf") == []


def test_pdf_encrypted_is_closed() -> None:
    data = documents_pdf.pdf(
        *documents_pdf.PLAIN, b"<</Filter/Standard/V 2/R 3>>", trailer=b"/Root 1 0 R/Encrypt 5 0 R"
    )
    report = rorqual.scan(data)
    assert body_of(report, "pdf_document").encrypted == "PDF (Standard, version 2, revision 3)"
    assert any("encrypted PDF" in reason for reason in opaque(report))


# RTF


def test_rtf_end_of_a_word_processor() -> None:
    for end in (b"}", b"}\n", b"}\r\n", b"}\r\n\0"):
        data = b"{\\rtf1\\ansi a\\par" + end
        assert claims(rorqual.scan(data + b"PK"), "rtf") == [(0, len(data), "rtf")]


def test_rtf_binary_data_hide_braces() -> None:
    data = b"{\\rtf1{\\*\\objdata\\bin5 }}}}}}a}"
    assert claims(rorqual.scan(data), "rtf") == [(0, len(data), "rtf")]


def test_rtf_package_is_a_child_of_its_name() -> None:
    held = documents_rtf.ole1(b"Package", documents_rtf.package(b"a.exe", b"MZ what feeds it"))
    report = rorqual.scan(documents_rtf.rtf(b"{\\object{\\*\\objdata " + held.hex().encode() + b"}}"))
    assert [(child.name, child.size) for child in handed_on(report)] == [("Package", len(held)), ("a.exe", 16)]


# Compound files


def digests(report: Report) -> dict[str, str]:
    """SHA-256 of the children, by codec and name."""
    return {
        f"{child.place[-1][1]}:{child.name}": next(one.value for one in child.digests if one.algorithm == "sha256")
        for child in handed_on(report)
    }


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("interleaved", [False, True])
def test_ole_streams_come_out_as_they_went_in(interleaved: bool) -> None:
    one, two = bytes(range(251)) * 17, b"whale" * 900
    data = documents_ole.compound({"a": one, "b/c": two, "small": b"s" * 600}, interleaved=interleaved)
    report = rorqual.scan(BEFORE + data + AFTER)
    assert claims(report, "ole") == [(777, len(data), "ole")]
    found = digests(report)
    codec = "ole-stream" if interleaved else "ole-part"
    assert found[f"{codec}:a"] == sha256(one)
    assert found[f"{codec}:b/c"] == sha256(two)
    assert found["ole-part:small"] == sha256(b"s" * 600)
    assert anomalies(report) == set()


def test_ole_macros_longer_than_a_chunk() -> None:
    source = b"".join(b"'%d aaaaaaaaa what feeds it\r\n" % number for number in range(600))
    streams = {
        "VBA/dir": documents_ole.vba_dir(("Whale", 5)),
        "VBA/Whale": b"pcode" + documents_ole.ovba(source),
        "VBA/_VBA_PROJECT": b"\xcc\x61",
    }
    report = rorqual.scan(documents_ole.compound(streams))
    assert digests(report)["ovba:Whale.bas"] == sha256(source)


@pytest.mark.parametrize(
    ("streams", "clsid", "format"),
    [
        ({"WordDocument": b"\xec\xa5"}, bytes(16), "doc"),
        ({"Workbook": b"1"}, bytes(16), "xls"),
        ({"PowerPoint Document": b"1"}, bytes(16), "ppt"),
        ({"__properties_version1.0": b"1"}, bytes(16), "msg"),
        ({"EncryptedPackage": b"1", "EncryptionInfo": b"\4\0\4\0"}, bytes(16), "officecrypt"),
        ({"䡀㼿䕷䑬㭪": b"1"}, bytes.fromhex("84100c0000000000c000000000000046"), "msi"),
        ({"anything": b"1"}, bytes(16), "ole"),
    ],
)
def test_ole_flavours(streams: dict[str, bytes], clsid: bytes, format: str) -> None:
    report = rorqual.scan(documents_ole.compound(streams, clsid=clsid))
    assert [one[2] for one in claims(report)] == [format]


def test_ole_encrypted_is_closed() -> None:
    for streams in (
        {"EncryptedPackage": b"1", "EncryptionInfo": b"\4\0\4\0"},
        {"WordDocument": b"\xec\xa5\xc1" + bytes(8) + b"\1" + bytes(30)},
        {"Workbook": b"\x09\x08\x02\0\0\6" + b"\x2f\0\6\0" + bytes(6)},
        {"PowerPoint Document": b"1", "Current User": bytes(12) + b"\xdf\xc4\xd1\xf3"},
    ):
        report = rorqual.scan(documents_ole.compound(streams))
        assert body_of(report, "ole_container").encrypted is not None
        assert opaque(report)


def test_ole_last_sector_may_be_short() -> None:
    data = documents_ole.compound({"a": b"s" * 4097})
    assert claims(rorqual.scan(data[:-1]), "ole") == []  # the directory stands last
    at = data.index(b"s" * 4096)
    assert len(data) == at + 4097 + 511 + 512


def test_ole_compressed_text_of_a_message() -> None:
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    text = b"".join(ole_summary.rtf_text(iter([packed]), 0))
    assert text == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_ole_attachments_have_their_names() -> None:
    streams = {
        "__properties_version1.0": b"1",
        "__attach_version1.0_#00000000/__substg1.0_37010102": b"what is attached",
        "__attach_version1.0_#00000000/__substg1.0_3707001F": "krill.txt\0".encode("utf-16-le"),
    }
    report = rorqual.scan(documents_ole.compound(streams))
    assert digests(report) == {"ole-part:krill.txt": sha256(b"what is attached")}


# HTML and XML


def test_html_of_any_length() -> None:
    for filling in (b"<p>whale</p>" * 50_000, b"<!-- " + b"krill " * 100_000 + b"-->", b"a" * 4096, b"<" * 5000):
        data = b"<!DOCTYPE html><html><body>" + filling + b"</body></html>\n"
        assert claims(rorqual.scan(data), "html") == [(0, len(data), "html")]
        report = rorqual.scan(b"\0" * 20 + data + b"\0\1\2" * 9)
        assert claims(report, "html") == [(20, len(data), "html")]


def test_html_behind_text_is_claimed_only_where_it_ends_with_it() -> None:
    page = b"<!doctype html><html><head></head><body></body></html>\n"
    assert claims(rorqual.scan(b"{# a template #}\n" + page), "html") == [(17, len(page), "html")]
    assert claims(rorqual.scan(b"A page is\n" + page + b"which is short.\n"), "html") == []


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'><head/></html>", "xhtml"),
        (b"<?xml version='1.0'?><rss version='2.0'/>", "rss"),
        (b"<?xml version='1.0'?>\n<!-- a --><plist><dict/></plist>\n", "plist"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a b=\"1>2\" c='\"'/>", "xml"),
        (b"<?xml version='1.0'?><xsl:stylesheet xmlns:xsl='u'></xsl:stylesheet >", "xslt"),
        (b"<!-- drawn -->\n<!DOCTYPE svg>\n<svg\nwidth='1'/>", "svg"),
        (b"<?xml version='1.0'?><a>" + b"<b>" * 4000 + b"</b>" * 4000 + b"</a>", "xml"),
        (b"<?xml version='1.0'?><a><!-- " + b"x" * 600_000 + b" --></a>", "xml"),
    ],
)
def test_xml_documents(data: bytes, format: str) -> None:
    assert claims(rorqual.scan(data)) == [(0, len(data), format)]


@pytest.mark.parametrize("data", [b"<a>", b"<a></b>", b"<a/>x", b"text <a/>", b"<a b=c/>", b""])
def test_xml_that_is_not_well_formed_is_cut_or_not_claimed(data: bytes) -> None:
    found = claims(rorqual.scan(b"<?xml version='1.0'?>" + data), "xml")
    assert found == ([(0, 25, "xml")] if data == b"<a/>x" else [])


# Mail, shortcuts, PostScript, OneNote


@pytest.mark.parametrize("size", [0, 1, 2, 3, 57, 58, 100_000])
def test_mail_parts_come_out_as_they_went_in(size: int) -> None:
    data = bytes((i * i >> 2) & 0xFF for i in range(size))
    quoted = b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quopri.encodestring(data)
    message = documents_mail.mixed(documents_mail.attached(data, b"=a.bin"), quoted)
    report = rorqual.scan(message)
    found = digests(report)
    assert claims(report) == [(0, len(message), "eml")]
    if size:
        assert found["mime-base64:a.bin"] == sha256(data)
        assert found["mime-qp:None"] == sha256(binascii.a2b_qp(quopri.encodestring(data)))


def test_mail_as_the_standard_library_writes_it() -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ä@whale.example", "b@whale.example", "Wåle" * 30
    message.set_content("what feeds it\n" * 20)
    message.add_alternative("<p>å</p>", subtype="html")
    message.add_attachment(b"\0\1\2" * 900, maintype="application", subtype="zip", filename="krill åäö.zip")
    inner = EmailMessage()
    inner["From"], inner["Date"], inner["Subject"] = "c", "today", "inner"
    inner.set_content("inside")
    message.add_attachment(inner)
    data = message.as_bytes(policy=SMTP)
    report = rorqual.scan(data)
    body = body_of(report, "mail_message")
    assert (body.subject, body.parts, body.attachments) == ("Wåle" * 30, 4, ("krill åäö.zip",))
    assert digests(report)["mime-base64:krill åäö.zip"] == sha256(b"\0\1\2" * 900)
    assert any(child.place[-1][1] == "mime-part" for child in handed_on(report))


def test_saved_page_is_mht() -> None:
    head = b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://whale.example/\r\nSubject: a\r\nDate: b\r\nMIME-Version: 1.0\r\n"
    data = documents_mail.mixed(b"Content-Type: text/html\r\n\r\n<p>", head=head).replace(b"/mixed", b"/related")
    assert claims(rorqual.scan(data)) == [(0, len(data), "mht")]


def test_shortcut_facts() -> None:
    items = documents_lnk.item(0x2F, b"C:\\") + documents_lnk.item(0x32, b"krill.exe")
    data = documents_lnk.lnk(items=items, texts={32: "/feed"}, blocks=(documents_lnk.tracker(b"whale"),))
    body = body_of(rorqual.scan(data), "shell_link")
    assert (body.target, body.arguments, body.machine) == ("C:\\krill.exe", "/feed", "whale")
    assert body.mac == "0a:0b:0c:0d:0e:0f"


def test_postscript_ends() -> None:
    plain = b"%!PS\n9 9 moveto 1 1 lineto stroke\nshowpage\n"
    assert claims(rorqual.scan(plain), "postscript") == [(0, len(plain), "postscript")]
    told = b"%!PS-Adobe-3.0\n%%Pages: 1\n" + plain[5:] + b"%%EOF"
    for end in (b"", b"\n", b"\r\n", b"\x04"):
        data = told + (end if end != b"\x04" else b"")
        assert claims(rorqual.scan(data + (b"\x04" if end == b"\x04" else b"%\0")), "postscript") == [
            (0, len(data), "postscript")
        ]


def test_embedded_file_of_onenote_is_a_child() -> None:
    data = documents_lnk.one(b"what feeds it" * 7)
    assert digests(rorqual.scan(BEFORE + data)) == {"onenote-file:None": sha256(b"what feeds it" * 7)}


# Scripts in other files


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b"<?php echo 'a'; ?>", 18),
        (b"<?php\n$a = 1;\n", 14),
        (b"#!/usr/bin/php\n<?php phpinfo();", 16),
    ],
)
def test_php_from_the_start(data: bytes, size: int) -> None:
    assert claims(rorqual.scan(data), "php") == [(len(data) - size, size, "php")]


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a/*\0\1\0\1*/=1;alert(1)",
        b"GIF87a=/*\0*/alert(1)//\xff\xff",
        b"\xff\xd8\xff\xe0/*JFIF\0" + bytes(90) + b"*/=alert('a');/*\xff\xd9*/",
        b"RIFF/*\0\0WAVE" + bytes(9) + b"*/=1;feed()",
    ],
)
def test_javascript_behind_other_magic_numbers(data: bytes) -> None:
    assert claims(rorqual.scan(data), "javascript") == [(0, len(data), "javascript")]
    assert claims(rorqual.scan(b"-" + data), "javascript") == []
