"""Keys and certificates: rare forms, exact extents wherever they stand, passwords, and that no secret is told."""

import base64

import pytest

import rorqual
from rorqual.analyzers.formats import keys
from rorqual.findings.report import Report
from rorqual.sdk import Claim
from tests.builders import keys_files as build
from tests.builders.authenticode import SIGNER_CERTIFICATE, STAMPER

FILES = {
    "bks": build.bouncy_store(),
    "crl": build.revocation_list(),
    "csr": build.request(),
    "der": build.odd_certificate(),
    "derkey": build.pkcs8_key(),
    "jks": build.key_store(),
    "kdbx": build.keepass_file(),
    "opensshkey": build.openssh_key(),
    "pem": build.pem_block(b"whale" * 20),
    "pgp": build.pgp_message(),
    "pgpkey": build.keyring(),
    "pkcs12": build.key_store_12(),
    "pkcs7": build.cms(encrypted=True),
    "ppk": build.ppk_file(),
    "sshkey": build.ssh_line(),
}


def claims(report: Report) -> list[tuple[str, int, int]]:
    """(format, offset, size) in the file itself."""
    found = []
    for finding in report:
        if finding.place == () and isinstance(finding.body, Claim):
            found.append((finding.body.format, finding.offset, finding.size))
    return found


def scanned(data: bytes, **options: object) -> Report:
    return rorqual.scan(data, analyzers=list(keys.probes()), **options)  # type: ignore[arg-type]  # passed on as it is


@pytest.mark.parametrize("format", sorted({*FILES} - {"pgp", "pgpkey"}))  # these are met at starts and in gaps
def test_the_extent_is_exact_wherever_it_stands(format: str) -> None:
    data = FILES[format]
    inner = [("der", 113, 465)] if format == "jks" else []  # a certificate in a store is one too
    assert claims(scanned(data)) == [(format, 0, len(data)), *inner]
    inner = [(name, at + 777, size) for name, at, size in inner]
    assert claims(scanned(b"x" * 777 + data + b"y" * 99)) == [(format, 777, len(data)), *inner]


@pytest.mark.parametrize("format", FILES)
def test_every_cut_is_no_fault(format: str) -> None:
    data = FILES[format]
    for size in range(0, len(data), max(1, len(data) // 23)):
        report = scanned(data[:size])
        assert report.complete and not report.faults
        assert (format, 0, len(data)) not in claims(report)


def test_keys_of_all_kinds() -> None:
    kinds = [
        (build.rsa_key(), "pkcs1", "rsa", 1024),
        (build.rsa_key(STAMPER), "pkcs1", "rsa", 1024),
        (build.pkcs8_key(), "pkcs8", "rsa", 1024),
        (build.ec_key(), "sec1", "ec", 256),
        (build.public_key(), "public", "rsa", 1024),
        (build.ed_key(), "public", "ed25519", 256),
        (build.encrypted_key(), "pkcs8_encrypted", "pbes2", 0),
    ]
    for data, form, algorithm, size in kinds:
        (finding,) = (one for one in scanned(b"--" + data + b"--").findings("der_key") if not one.place)
        body = finding.to_dict()["der_key"]
        assert isinstance(body, dict)
        assert (body["form"], body["algorithm"]) == (form, algorithm)
        assert abs(int(str(body["size"])) - size) <= 8


def test_a_private_key_is_told_without_its_secret() -> None:
    data = build.pem_block(build.pkcs8_key(), b"PRIVATE KEY")
    report = scanned(data)
    text = report.to_json()
    (block,) = report.findings("pem_block")
    assert block.to_dict()["pem_block"] == {
        "label": "PRIVATE KEY",
        "fields": [],
        "decoded_size": len(build.pkcs8_key()),
        "private": True,
        "encrypted": False,
        "checksum_holds": None,
    }
    (key,) = report.findings("der_key")
    assert key.size == len(build.pkcs8_key())
    secret = build.pkcs8_key()
    for at in range(26, len(secret) - 16, 7):
        assert secret[at : at + 16].hex() not in text
        assert base64.b64encode(secret)[at : at + 16].decode() not in text


def test_what_an_enclosing_structure_holds_is_no_key_of_its_own() -> None:
    assert claims(scanned(SIGNER_CERTIFICATE)) == [("der", 0, len(SIGNER_CERTIFICATE))]
    hidden = b"\x30\x82\xff\xff\x30" + build.public_key()  # whoever writes this hides nothing
    assert claims(scanned(hidden)) == [("derkey", 5, len(build.public_key()))]


def test_the_right_password_is_found_and_not_told() -> None:
    for data, kind in (
        (build.key_store(password="s3cret-x"), "java_key_store"),
        (build.key_store_12("s3cret-x"), "pkcs12_store"),
    ):
        states = []
        for passwords in ((), ("wrong",), ("wrong", "s3cret-x")):
            report = scanned(data, passwords=passwords)
            (finding,) = report.findings(kind)
            body = finding.to_dict()[kind]
            assert isinstance(body, dict)
            states.append(body["password"])
            assert "s3cret-x" not in report.to_json()
        assert states == [None, None, "found"]


def test_line_ends_and_blanks_of_pem() -> None:
    block = build.pem_block(build.root_certificate())
    for data in (
        block.replace(b"\n", b"\r\n"),
        block.replace(b"\n", b"\r"),
        block.rstrip(b"\n"),
        block.replace(b"\n", b" \n"),
    ):
        report = scanned(data)
        assert claims(report) == [("pem", 0, len(data))]
        assert len(report.children) == 1
    (finding,) = scanned(block).findings("x509_certificate")
    assert finding.size == len(build.root_certificate())


def test_a_long_block_decodes_as_a_short_one_does() -> None:
    data = build.pem_block(bytes(range(256)) * 900)
    report = scanned(data)
    assert claims(report) == [("pem", 0, len(data))]
    (child,) = report.children
    assert child.size == 256 * 900


def test_what_closes_a_key_is_on_the_ledger() -> None:
    for data in (build.encrypted_key(), build.openssh_key(cipher=b"aes256-ctr"), build.ppk_file(cipher=b"aes256-cbc")):
        report = scanned(data)
        assert report.complete
        assert '"opaque"' in report.to_json()


def test_a_prefilter_reads_little_of_what_follows() -> None:
    """A long packet in chance bytes must not use up the prefilter's fuel, which would make the report incomplete."""
    for lead in (b"\x89\x08\xc0\x04\x00\x01\x08\x00\x06\x05\x02", b"\x85\x08\xff\x03" + bytes(8) + b"\x01\x08"):
        report = scanned(lead + b"\x80" * 9000)
        assert report.complete and not claims(report)
