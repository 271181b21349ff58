"""Authenticode: what a signature says, which step of it breaks when something is changed, what hides beside it."""

import hashlib
import struct
from dataclasses import replace

import pytest

import rorqual
from rorqual.analyzers.formats.der import TEXT_MAX, Der, Value, printable
from rorqual.analyzers.formats.pe.probe import PE
from rorqual.analyzers.formats.pe.signing.authenticode import Authenticode
from rorqual.analyzers.formats.pe.signing.certificates import ENTRIES_TOLD
from rorqual.analyzers.formats.pe.signing.signature_bodies import (
    PEAuthenticode,
    PECertificate,
    PECertificateData,
    PECertificateTable,
)
from rorqual.analyzers.formats.pe.signing.signatures import SIGNATURES_MAX
from rorqual.analyzers.formats.x509 import curves
from rorqual.analyzers.formats.x509.verification import Key, Scheme, verify
from rorqual.sdk import Anomaly, Finding, Malformed
from tests.builders.authenticode import (
    CODE_SIGNING,
    DATA,
    DIGESTS,
    INDIRECT_DATA,
    NULL,
    ROOT,
    ROOT_CERTIFICATE,
    SIGNER,
    SIGNER_CERTIFICATE,
    STAMPER,
    STAMPER_CERTIFICATE,
    TIME_STAMPING,
    Signing,
    attribute,
    build,
    certificate,
    holes,
    image_digest,
    number,
    octets,
    oid,
    rfc3161,
    seq,
    sign,
    table_of,
    tlv,
    with_table,
)
from tests.builders.pe import Image
from tests.builders.pe import build as image


def said(data: bytes) -> list[Finding]:
    report = rorqual.scan(data, analyzers=[PE(), Authenticode()])
    assert not report.faults
    return [finding for finding in report if finding.analyzer == "pe-authenticode"]


def signatures(data: bytes) -> list[PEAuthenticode]:
    return [one.body for one in said(data) if isinstance(one.body, PEAuthenticode) and not one.place]


def signature(data: bytes) -> PEAuthenticode:
    (one,) = signatures(data)
    return one


def anomalies(data: bytes) -> dict[str, Anomaly]:
    return {one.body.name: one.body for one in said(data) if isinstance(one.body, Anomaly)}


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


def entry(content: bytes, kind: int = 2) -> bytes:
    whole = struct.pack("<IHH", 8 + len(content), 0x200, kind) + content
    return whole + bytes(-len(whole) % 8)


@pytest.mark.parametrize("digest", ["md5", "sha1", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("plus", [False, True])
def test_the_digest_is_made_again_over_what_was_signed(digest: str, plus: bool) -> None:
    base = Image(plus=plus, overlay=b"setup")
    one = signature(build(base, Signing(digest=digest)))
    assert (one.status, one.problems, one.digest_matches) == ("valid", (), True)
    assert one.digest == getattr(one, digest) == image_digest(base, digest).hex()
    assert (one.signer.digest_algorithm, one.signer.signature_algorithm) == (digest, f"rsa-{digest}")


def test_signer_and_program_are_told() -> None:
    one = signature(build())
    assert (one.program_name, one.more_info_url) == ("Whale Watch", "https://whale.example/")
    assert one.signer.subject == r"C=NO, CN=Søren Whale\, Ltd."
    assert (one.signer.issuer, one.signer.serial) == ("C=NO, CN=Whale Root", "c0ffee")
    assert (one.signer.message_digest_matches, one.signer.signature_valid) == (True, True)
    thumbprints = tuple(hashlib.sha256(each).hexdigest() for each in (SIGNER_CERTIFICATE, ROOT_CERTIFICATE))
    assert one.signer.chain == thumbprints
    assert (one.signer.chain_complete, one.signer.chain_valid, one.signer.self_signed) == (True, True, False)
    assert one.signer.expiry == "2030-01-01T00:00:00Z"
    assert (one.signing_time, one.timestamps, one.page_hashes) == (None, (), None)


def test_certificates_are_told_where_they_stand() -> None:
    data = build()
    found = [each for each in said(data) if isinstance(each.body, PECertificate)]
    assert {data[each.offset : each.offset + each.size] for each in found} == {SIGNER_CERTIFICATE, ROOT_CERTIFICATE}
    leaf = next(each.body for each in found if isinstance(each.body, PECertificate) and not each.body.authority)
    assert leaf.sha1 == hashlib.sha1(SIGNER_CERTIFICATE, usedforsecurity=False).hexdigest()
    assert (leaf.key_algorithm, leaf.key_size, leaf.signature_algorithm) == ("rsa", 1024, "rsa-sha256")
    assert (leaf.code_signing, leaf.extended_key_usage, leaf.self_signed) == (True, ("code_signing",), False)
    assert (leaf.issuer_present, leaf.signature_valid) == (True, True)
    assert (leaf.not_before, leaf.not_after) == ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z")


def test_without_the_root_a_chain_is_not_complete() -> None:
    one = signature(build(signing=Signing(certificates=(SIGNER_CERTIFICATE,))))
    assert (one.signer.chain_complete, one.signer.chain_valid, len(one.signer.chain)) == (False, True, 1)
    assert one.status == "valid"


def test_without_its_certificate_a_signature_cannot_be_checked() -> None:
    one = signature(build(signing=Signing(certificates=(ROOT_CERTIFICATE,))))
    assert (one.status, one.problems) == ("incomplete", ("signer_certificate_missing",))
    assert (one.signer.subject, one.signer.signature_valid, one.signer.chain) == (None, None, ())
    assert one.signer.issuer == "C=NO, CN=Whale Root"


def test_self_signed() -> None:
    own = certificate(SIGNER, SIGNER, serial=5, usage=CODE_SIGNING)
    one = signature(build(signing=Signing(certificates=(own,), issuer=SIGNER, serial=5)))
    assert (one.status, one.signer.self_signed, one.signer.chain_complete) == ("self_signed", True, True)


def test_unsupported_algorithms_are_named_and_nothing_is_said_of_them() -> None:
    own = certificate(ROOT, ROOT, serial=9, digest="md2")
    one = signature(build(signing=Signing(digest="md2", certificates=(SIGNER_CERTIFICATE, own))))
    assert (one.status, one.digest_algorithm, one.digest_matches) == ("unsupported", "md2", None)
    assert one.signer.signature_valid is None
    assert one.signer.chain_valid is True  # nobody needs the root's own signature
    assert "digest_algorithm_unsupported" in one.problems


@pytest.mark.parametrize(
    ("kind", "certificates"),
    [
        ("rfc3161", (SIGNER_CERTIFICATE, ROOT_CERTIFICATE)),
        ("pkcs9", (SIGNER_CERTIFICATE, ROOT_CERTIFICATE, STAMPER_CERTIFICATE)),
    ],
)
def test_time_stamps(kind: str, certificates: tuple[bytes, ...]) -> None:
    one = signature(build(signing=Signing(stamp=kind, certificates=certificates)))
    (stamp,) = one.timestamps
    assert (stamp.kind, stamp.time, stamp.status) == (kind, "2025-01-02T03:04:05Z", "valid")
    assert (stamp.digest_matches, stamp.signer.subject) == (True, "C=NO, CN=Whale Time")
    assert (stamp.signer.signature_valid, stamp.signer.chain_complete) == (True, True)
    assert one.status == "valid"


@pytest.mark.parametrize(
    ("time", "status", "problem"),
    [
        ("20250101000000Z", "valid", ()),
        ("20310101000000Z", "expired", ("expired_when_signed",)),
        ("20190101000000Z", "expired", ("not_yet_valid_when_signed",)),
    ],
)
def test_validity_is_held_against_the_time_stamp(time: str, status: str, problem: tuple[str, ...]) -> None:
    one = signature(build(signing=Signing(stamp="rfc3161", time=time)))
    assert (one.status, one.problems) == (status, problem)


def test_without_a_time_stamp_there_is_no_opinion_on_validity() -> None:
    old = certificate(SIGNER, ROOT, serial=0xC0FFEE, not_before="700101000000Z", not_after="710101000000Z")
    one = signature(build(signing=Signing(certificates=(old, ROOT_CERTIFICATE))))
    assert (one.status, one.signer.expiry) == ("valid", "1971-01-01T00:00:00Z")


def test_a_time_stamp_of_another_signature() -> None:
    one = signature(build(signing=Signing(unsigned=(rfc3161(b"another"),))))
    assert one.timestamps[0].problems == ("timestamp_digest_mismatch",)
    assert (one.status, one.problems) == ("broken", ("timestamp_broken",))


def test_a_time_stamp_that_is_none() -> None:
    data = build(signing=Signing(unsigned=(attribute("1.3.6.1.4.1.311.3.3.1", seq(number(1))),)))
    assert signature(data).status == "valid"
    assert "timestamp_malformed" in anomalies(data)


def test_signatures_inside_signatures() -> None:
    base = Image(overlay=b"setup")
    outer, inner = signatures(build(base, Signing(digest="sha1"), nested=Signing(stamp="rfc3161")))
    assert (outer.nesting, outer.digest_algorithm, outer.status) == (0, "sha1", "valid")
    assert (inner.nesting, inner.digest_algorithm, inner.status) == (1, "sha256", "valid")


def test_signatures_without_end_are_counted() -> None:
    data = build()
    data = with_table(data, entry(sign()) * (SIGNATURES_MAX + 2))
    assert len(signatures(data)) == SIGNATURES_MAX
    assert "signatures_not_told" in anomalies(data)


def test_unknown_attributes_outside_of_the_signature_are_told() -> None:
    one = signature(build(signing=Signing(unsigned=(attribute("1.2.3.4", octets(b"x" * 50)),))))
    assert one.unsigned_attributes == (("1.2.3.4", 52),)
    assert one.status == "valid"


@pytest.mark.parametrize("at", [0x20, 0x100, 0x210, 0x7FF])
def test_a_change_of_the_file_breaks_the_digest(at: int) -> None:
    data = flipped(build(), at)
    one = signature(data)
    assert (one.status, one.problems, one.digest_matches) == ("broken", ("digest_mismatch",), False)
    assert one.sha256 != one.digest
    assert anomalies(data)["signature_digest_mismatch"].attack == ("T1036.001",)


def test_checksum_and_table_entry_are_left_out() -> None:
    checksum, _ = holes(Image())
    assert signature(flipped(build(), checksum)).status == "valid"


def test_what_is_behind_the_table_counts() -> None:
    data = build() + b"appended"
    assert signature(data).problems == ("certificate_table_not_last", "digest_mismatch")
    assert signature(data).status == "broken"
    table = next(one.body for one in said(data) if isinstance(one.body, PECertificateTable))
    assert table.behind == len(b"appended")
    assert "certificate_table_not_last" in anomalies(data)


def test_an_image_inside_something_ends_with_its_table() -> None:
    one = signature(b"before it" + build() + b"and behind it")
    assert one.status == "valid"


@pytest.mark.parametrize(
    ("mark", "into", "problem"),
    [
        (bytes.fromhex("2a864886f70d010904"), 13, "message_digest_mismatch"),
        (bytes.fromhex("048180"), 60, "signature_invalid"),
        ("Whale Watch".encode("utf-16-be"), 5, "signature_invalid"),
        (b"\x55\x04\x03\x0c\x12S\xc3", 8, "chain_signature_invalid"),
    ],
)
def test_a_change_of_the_signature_is_told_by_its_step(mark: bytes, into: int, problem: str) -> None:
    data = build()
    at = data.index(mark)
    one = signature(flipped(data, at + into))
    assert one.status == "broken"
    assert problem in one.problems
    assert one.digest_matches is True
    assert "signature_broken" in anomalies(flipped(data, at + into))


def test_a_forged_link_of_the_chain() -> None:
    forged = certificate(SIGNER, replace(SIGNER, name=ROOT.name), serial=0xC0FFEE, usage=CODE_SIGNING)
    one = signature(build(signing=Signing(certificates=(forged, ROOT_CERTIFICATE))))
    assert (one.signer.signature_valid, one.signer.chain_valid) == (True, False)
    assert one.problems == ("chain_signature_invalid",)


@pytest.mark.parametrize(
    ("table", "inside", "size"),
    [
        (entry(sign() + b"payload! " * 9), "entry", None),
        (entry(sign()) + bytes(8) + b"payload!", "table", 16),
        (entry(sign())[:-1] + b"\1", "alignment", None),
        (entry(sign()) + bytes(16), "table", 16),
    ],
)
def test_data_beside_the_signature_is_told(table: bytes, inside: str, size: int | None) -> None:
    assert len(sign()) % 8 != 0
    data = with_table(build(), table)
    (found,) = [one for one in said(data) if isinstance(one.body, PECertificateData)]
    assert isinstance(found.body, PECertificateData)
    assert found.body.inside == inside
    assert size in (None, found.size)
    assert found.body.sha256 == hashlib.sha256(data[found.offset : found.offset + found.size]).hexdigest()
    zeros = not any(data[found.offset : found.offset + found.size])
    assert anomalies(data)["certificate_table_data"].attack == (() if zeros else ("T1027.009", "T1553.002"))
    assert signature(data).status == "valid"  # which is what it is hidden for


def test_other_certificates_are_rows_of_the_table() -> None:
    data = with_table(build(), entry(b"x" * 16, 1) + entry(sign()) + entry(b"y" * 16, 0xEF1))
    (table,) = [one.body for one in said(data) if isinstance(one.body, PECertificateTable)]
    assert [row.type for row in table.entries] == ["X509", "PKCS_SIGNED_DATA", "EFI_GUID"]
    assert signature(data).entry == 1


def test_entries_without_end_are_counted() -> None:
    data = with_table(build(), entry(b"") * 5000)
    (table,) = [one.body for one in said(data) if isinstance(one.body, PECertificateTable)]
    assert (len(table.entries), table.entry_count) == (ENTRIES_TOLD, 5000)
    assert "certificate_entries_many" in anomalies(data)


def test_a_length_that_leads_past_the_table() -> None:
    data = with_table(build(), entry(sign()) + struct.pack("<IHH", 0x7FFF_FFFF, 0x200, 2) + b"rest")
    assert anomalies(data)["certificate_length_wrong"].proof.endswith(f"the table ends at {len(data):#x}")
    assert signature(data).status == "valid"


def test_a_table_at_an_odd_place() -> None:
    assert "certificate_table_unaligned" in anomalies(_moved(build(), 4))


def _moved(data: bytes, by: int) -> bytes:
    at, size = table_of(data)
    changed = bytearray(data[:at] + bytes(by) + data[at:])
    _, place = holes(Image())
    struct.pack_into("<II", changed, place, at + by, size)
    return bytes(changed)


def test_a_cut_table_hides_nothing() -> None:
    data = build()
    for size in range(table_of(data)[0] + 1, len(data) - 8, 97):
        assert {one.kind for one in said(data[:size])} == {"pe_certificate_table"}


def test_unsigned_images_say_nothing() -> None:
    assert said(image()) == []
    assert said(image(Image(overlay=sign()))) == []


@pytest.mark.parametrize("content", [b"\x30\x80" + bytes(50), b"\x30\x84\xff\xff\xff\xff", b"text" * 9, b"", b"\x30"])
def test_what_is_no_der_is_said_so(content: bytes) -> None:
    assert "certificate_entry_malformed" in anomalies(with_table(build(), entry(content)))


def test_what_is_no_signature_is_said_so() -> None:
    assert "signature_malformed" in anomalies(with_table(build(), entry(seq(number(1)))))


SHA256 = seq(oid(DIGESTS["sha256"]), NULL)
SHA224 = seq(oid("2.16.840.1.101.3.4.2.4"), NULL)
RSA, RSA_SHA256 = (seq(oid(each), NULL) for each in ("1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11"))


def algorithms_swapped(data: bytes, serial: int, *, scheme: bool = True) -> bytes:
    """Other algorithms in the SignerInfo that names this serial number: no signature covers them."""
    at = data.rindex(number(serial) + SHA256) + len(number(serial))
    data = data[:at] + SHA224 + data[at + len(SHA256) :]
    if not scheme:
        return data
    at = data.index(RSA, at)
    return data[:at] + RSA_SHA256 + data[at + len(RSA) :]


def tampered(data: bytes) -> bytes:
    """Code is changed, and the digest of the file in the signature with it."""
    checksum, place = holes(Image())
    changed = flipped(data, 0x210)
    old, new = (
        hashlib.sha256(each[:checksum] + each[checksum + 4 : place] + each[place + 8 : table_of(data)[0]]).digest()
        for each in (data, changed)
    )
    assert changed.count(old) == 1
    return changed.replace(old, new)


@pytest.mark.parametrize("scheme", [True, False])
def test_a_message_digest_that_is_not_compared_is_never_valid(scheme: bool) -> None:
    assert signature(tampered(build())).problems == ("message_digest_mismatch",)
    one = signature(algorithms_swapped(tampered(build()), 0xC0FFEE, scheme=scheme))
    assert (one.status, one.digest_matches, one.signer.message_digest_matches) == ("broken", True, None)
    assert {"digest_algorithm_unsupported", "digest_algorithms_differ"} <= set(one.problems)


def test_the_algorithms_of_a_signer_agree() -> None:
    data = build()
    at = data.rindex(RSA)
    data = data[:at] + seq(oid("1.2.840.113549.1.1.13"), NULL) + data[at + len(RSA) :]
    assert "digest_algorithms_differ" in signature(data).problems
    assert signature(data).status == "broken"


def test_the_digest_of_the_file_is_of_the_signers_algorithm() -> None:
    one = signature(build(signing=Signing(digest="sha1", signer_digest="sha256")))
    assert (one.status, one.problems) == ("broken", ("digest_algorithms_differ",))


@pytest.mark.parametrize("kind", ["", DATA, "1.2.840.113549.1.9.16.1.4"])
def test_the_type_of_the_content_is_signed(kind: str) -> None:
    one = signature(build(signing=Signing(content_type=kind)))
    assert (one.status, one.problems) == ("broken", ("content_type_mismatch",))


@pytest.mark.parametrize(("kind", "status"), [("", "valid"), (DATA, "valid"), (INDIRECT_DATA, "broken")])
def test_the_type_of_what_a_countersignature_signs(kind: str, status: str) -> None:
    chain = (SIGNER_CERTIFICATE, ROOT_CERTIFICATE, STAMPER_CERTIFICATE)
    (stamp,) = signature(build(signing=Signing(stamp="pkcs9", stamp_type=kind, certificates=chain))).timestamps
    assert (stamp.status, stamp.problems) == (status, () if status == "valid" else ("content_type_mismatch",))


@pytest.mark.parametrize(("kind", "time"), [("rfc3161", b"20250102030405Z"), ("pkcs9", b"250102030405Z")])
@pytest.mark.parametrize("scheme", [True, False])
def test_a_time_that_was_rewritten_does_not_count(kind: str, time: bytes, scheme: bool) -> None:
    chain = (SIGNER_CERTIFICATE, ROOT_CERTIFICATE, STAMPER_CERTIFICATE)
    data = build(signing=Signing(stamp=kind, certificates=chain))
    assert data.count(time) == 1
    one = signature(algorithms_swapped(data.replace(time, time[:-2] + b"6Z"), 3, scheme=scheme))
    (stamp,) = one.timestamps
    assert stamp.status == ("broken" if scheme else "unsupported")
    assert not one.time_known
    assert "timestamp_broken" in one.problems or stamp.status == "unsupported"


def inserted(data: bytes, at: int) -> bytes:
    """The table with a payload behind it put over what was there: the rest moves, and the digest stays."""
    _, place = holes(Image())
    start, _ = table_of(data)
    hole = data[start:] + b"\xcc" * 0x600
    changed = bytearray(data[:at] + hole + data[at:start])
    struct.pack_into("<II", changed, place, at, len(hole))
    return bytes(changed)


@pytest.mark.parametrize("at", [0x1F8, 0x200, 0x400, 0x600, 0x7F8])
def test_a_table_inside_the_image(at: int) -> None:
    one = signature(inserted(build(), at))
    assert (one.status, one.digest_matches) == ("broken", True)
    assert one.problems == ("certificates_inside_image", "certificate_table_not_last")


def test_a_table_before_the_overlay_that_it_signs() -> None:
    data = build(Image(overlay=b"a setup!"))
    one = signature(inserted(data, 0x800))
    assert (one.status, one.problems, one.digest_matches) == ("unsupported", ("certificate_table_not_last",), True)


def test_an_embedded_image_with_a_table_inside() -> None:
    one = signature(b"before it" + inserted(build(), 0x200))
    assert "certificates_inside_image" in one.problems
    assert one.status == "broken"


def chained(*, issuer: bytes, name: str = "Whale Time") -> PEAuthenticode:
    """Signed by somebody whom the signer's key has issued a certificate, with this one of the signer."""
    party = replace(STAMPER, name=name)
    leaf = certificate(party, SIGNER, serial=6, usage=CODE_SIGNING)
    chain = (leaf, issuer, ROOT_CERTIFICATE)
    return signature(build(signing=Signing(certificates=chain, party=party, issuer=SIGNER, serial=6)))


TRUE = tlv(1, b"\xff")


@pytest.mark.parametrize(
    ("constraints", "key_usage", "holds"),
    [
        (seq(TRUE), None, True),
        (seq(TRUE), 0x06, True),
        (seq(TRUE), 0x80, False),  # it may sign, but no certificates
        (seq(TRUE, number(0)), 0x04, True),
        (seq(), None, False),
        (seq(), 0x04, False),
        (b"", None, False),
    ],
)
def test_authorities_alone_issue(constraints: bytes, key_usage: int | None, holds: bool) -> None:
    issuer = certificate(SIGNER, ROOT, serial=5, constraints=constraints, key_usage=key_usage)
    one = chained(issuer=issuer, name="Microsoft Corporation")
    assert (one.signer.signature_valid, one.signer.chain_valid, len(one.signer.chain)) == (True, True, 3)
    assert (one.status, one.problems) == (("valid", ()) if holds else ("broken", ("issuer_not_authority",)))


def test_authorities_below_others_are_counted() -> None:
    root = certificate(ROOT, ROOT, serial=1, constraints=seq(TRUE, number(0)))
    between = certificate(SIGNER, ROOT, serial=5)
    leaf = certificate(STAMPER, SIGNER, serial=6, usage=CODE_SIGNING)
    signing = Signing(certificates=(leaf, between, root), party=STAMPER, issuer=SIGNER, serial=6)
    assert signature(build(signing=signing)).problems == ("issuer_not_authority",)
    assert signature(build(signing=Signing(certificates=(SIGNER_CERTIFICATE, root)))).status == "valid"


@pytest.mark.parametrize(("plain", "constraints", "status"), [(True, None, "valid"), (False, seq(), "broken")])
def test_roots_of_the_first_version(plain: bool, constraints: bytes | None, status: str) -> None:
    root = certificate(ROOT, ROOT, serial=1, plain=plain, constraints=constraints)
    assert signature(build(signing=Signing(certificates=(SIGNER_CERTIFICATE, root)))).status == status


def test_of_two_certificates_of_an_issuer_the_authoritys_counts() -> None:
    other = certificate(ROOT, ROOT, serial=2, constraints=seq())
    assert (
        signature(build(signing=Signing(certificates=(SIGNER_CERTIFICATE, other, ROOT_CERTIFICATE)))).status == "valid"
    )


@pytest.mark.parametrize(
    ("usage", "problems"),
    [
        ("1.3.6.1.5.5.7.3.1", ("usage_not_code_signing",)),
        (TIME_STAMPING, ("usage_not_code_signing",)),
        ("2.5.29.37.0", ()),
        ("", ()),
    ],
)
def test_a_signers_key_is_for_code(usage: str, problems: tuple[str, ...]) -> None:
    own = certificate(SIGNER, ROOT, serial=0xC0FFEE, usage=usage)
    one = signature(build(signing=Signing(certificates=(own, ROOT_CERTIFICATE))))
    assert (one.status, one.problems) == ("broken" if problems else "valid", problems)


def test_an_authority_for_something_else() -> None:
    issuer = certificate(SIGNER, ROOT, serial=5, usage="1.3.6.1.5.5.7.3.1", constraints=seq(TRUE))
    assert chained(issuer=issuer).problems == ("usage_not_code_signing",)


@pytest.mark.parametrize("usage", ["", CODE_SIGNING, "2.5.29.37.0"])
@pytest.mark.parametrize("kind", ["rfc3161", "pkcs9"])
def test_a_time_stampers_key_is_for_time(usage: str, kind: str) -> None:
    own = certificate(STAMPER, ROOT, serial=3, usage=usage)
    chain = (SIGNER_CERTIFICATE, ROOT_CERTIFICATE, own)
    one = signature(build(signing=Signing(stamp=kind, certificates=chain, stamp_certificates=(own,))))
    (stamp,) = one.timestamps
    assert (stamp.status, stamp.problems) == ("broken", ("usage_not_time_stamping",))
    assert (one.status, one.problems, one.time_known) == ("broken", ("timestamp_broken",), False)


@pytest.mark.parametrize(("stamp", "known"), [("", False), ("rfc3161", True)])
def test_whether_validity_was_held_against_a_time_is_said(stamp: str, known: bool) -> None:
    one = signature(build(signing=Signing(stamp=stamp)))
    assert (one.status, one.time_known) == ("valid", known)


def test_ecdsa_of_other_makers_holds() -> None:
    """Made with OpenSSL over b"whale"."""
    for name, digest, *numbers in VECTORS:
        x, y, r, s = (int(each, 16) for each in numbers)
        curve = curves.CURVES[name]
        size = (curve.p.bit_length() + 7) // 8
        key = Key("ec", 8 * size, curve=name, point=b"\4" + x.to_bytes(size, "big") + y.to_bytes(size, "big"))
        value = Der(octets(seq(number(r), number(s))), 0, lambda count: None).value()
        assert verify(key, Scheme("ecdsa", digest), b"whale", value) is True
        assert verify(key, Scheme("ecdsa", digest), b"squid", value) is False
        off = key._replace(point=flipped(key.point, size))
        assert verify(off, Scheme("ecdsa", digest), b"whale", value) is False
        zero = Der(octets(seq(number(0), number(s))), 0, lambda count: None).value()
        assert verify(key, Scheme("ecdsa", digest), b"whale", zero) is False


def test_rsa_padding_is_compared_whole() -> None:
    """A block that is right up to the digest, with rubbish behind it, is what forgers make for small exponents."""
    key = Key("rsa", 1024, modulus=SIGNER.modulus, exponent=65537)
    good = SIGNER.sign(b"whale")
    for value, holds in ((good, True), (flipped(good, 9), False), (good + b"\0", False), (b"", False)):
        assert verify(key, Scheme("rsa", "sha256"), b"whale", _octets(value)) is holds
    private = pow(65537, -1, (SIGNER.p - 1) * (SIGNER.q - 1))
    bare = b"\0\1" + b"\xff" * 93 + b"\0" + hashlib.sha256(b"whale").digest()
    short = _octets(pow(int.from_bytes(bare, "big"), private, SIGNER.modulus).to_bytes(128, "big"))
    assert verify(key, Scheme("rsa", "sha256"), b"whale", short) is True  # as some time stamps are
    block = b"\0\1\xff\xff\xff\xff\xff\xff\xff\xff\0" + hashlib.sha256(b"whale").digest()
    forged = int.from_bytes(block.ljust(128, b"\0"), "big")
    assert (
        verify(key._replace(exponent=1), Scheme("rsa", "sha256"), b"whale", _octets(forged.to_bytes(128, "big")))
        is False
    )


def test_probabilistic_padding() -> None:
    """RSASSA-PSS as RFC 8017 makes it, section 9.1.1."""
    salt, size, digest = b"salt of the sea, 32 bytes of it!", 128, hashlib.sha256
    told = digest(bytes(8) + digest(b"whale").digest() + salt).digest()
    plain = bytes(size - 2 * 32 - 2) + b"\1" + salt
    mask = b"".join(digest(told + bytes((0, 0, 0, n))).digest() for n in range(4))[: len(plain)]
    masked = bytes(a ^ b for a, b in zip(plain, mask, strict=True))
    block = int.from_bytes(bytes((masked[0] & 0x7F,)) + masked[1:] + told + b"\xbc", "big")
    private = pow(65537, -1, (SIGNER.p - 1) * (SIGNER.q - 1))
    value = _octets(pow(block, private, SIGNER.modulus).to_bytes(size, "big"))
    key = Key("rsa", SIGNER.modulus.bit_length(), modulus=SIGNER.modulus, exponent=65537)
    scheme = Scheme("rsa-pss", "sha256", 32, "sha256")
    assert verify(key, scheme, b"whale", value) is True
    assert verify(key, scheme, b"squid", value) is False
    assert verify(key, scheme._replace(salt=20), b"whale", value) is False
    assert verify(key, scheme._replace(mask_digest="md2"), b"whale", value) is None


def _octets(value: bytes) -> Value:
    return Der(octets(value), 0, lambda count: None).value()


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (tlv(0x17, b"491231235959Z"), "2049-12-31T23:59:59Z"),
        (tlv(0x17, b"5001010000Z"), "1950-01-01T00:00:00Z"),
        (tlv(0x17, b"990630235959-0100"), "1999-07-01T00:59:59Z"),
        (tlv(0x18, b"20240229123456.789Z"), "2024-02-29T12:34:56Z"),
        (tlv(0x18, b"20230229123456Z"), None),
        (tlv(0x18, b"00010101000000+0100"), None),
        (tlv(0x18, b"99991231235959-0100"), None),
        (tlv(0x18, b"yesterday"), None),
        (tlv(0x17, b""), None),
    ],
)
def test_times(stored: bytes, told: str | None) -> None:
    value = Der(stored, 0, lambda count: None).value()
    if told is not None:
        assert value.time() == told
        return
    with pytest.raises(Malformed):
        value.time()


def test_text_steers_no_terminal() -> None:
    assert printable("Ørsted\x1b[2J\u202e".encode(), "utf-8") == r"Ørsted\x1b[2J\u202e"
    assert printable(b"a" * 5000, "ascii") == "a" * TEXT_MAX + "…"


VECTORS = (
    (
        "P-256",
        "sha256",
        "757a6c79eb90b039427e7f907bf08faa221cb20de1d2b9f8a9a5a721c2b186e0",
        "fef724b6b1a8e21ddfd36fa61831631b19a7b6604e4256b48e494b51619f53c9",
        "aaa78b96fb9205a7252a57cd8a6a0a65a42b8d19394eafa7ec0fc3341c405610",
        "a2ef2c41ffce1ec0bde872118fcd3040250521366da140488676cd274fdfb227",
    ),
    (
        "P-384",
        "sha384",
        "638295e41bc2ec6b07d3233d61fbb97fa35ab954388805f82d3fd94a2eaeb57730f26407a740a5f1a143f99ae0b6b912",
        "4087db555b407623108a9ec0c5be9072dea202bb84d1a56a4b685ad06d04201d09a8217ed47562b5c96b9c74de348679",
        "82f841c192af846709b6148dc367f085d71267832b52885b9db167a27de7d3fc763b68297f5adb426c5656f77f63dcea",
        "2cd5ccae611b656fdbd8309e1061bc52a392c2e192171da6fad2a090e53a7fd54d4c5e483384472e19f45813d9a11817",
    ),
    (
        "P-521",
        "sha512",
        "6c18c9d18282a465e4b5e4cce8de2af8c035c05ad1b90421f32526246a18d4720b7d08590a0e7fc5e76a4e20cb9b346456402bc41820459d20b809d229b2cdf742",
        "1a67fb99f00e6352ba93ec4f0ce5a8fbe7a46994fd1954d801d4df220bd71e70d11ff46f862ed7177f43b3e8823e58fd453e0c632091347e6065ec3406018bb33db",
        "9dd73a72f59566049e0a53ae4026a1d56ca45737d2c7d9c924422e8876d153ca8f7f6bb307ad64816e3cdc09133421f01d158df5add017ab7b213b93cde30aa40a",
        "34c4c8750ce9934ade92f62bce8803b0624199e7e6b3ecf64f4d76a5169d7de09bf04f6a524dafa4d26a9d4490fee43fb885e9bf29b016158a1f2df776bc321bb5",
    ),
)
