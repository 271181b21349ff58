"""Keys, key stores, PEM and OpenPGP, from the fixed keys that protect nothing."""

import base64
import hashlib
import hmac
import struct

from rorqual.analyzers.formats.keys.pkcs12 import derive
from tests.builders.authenticode import (
    EXPONENT,
    NULL,
    ROOT,
    ROOT_CERTIFICATE,
    SIGNER,
    WITH_RSA,
    Party,
    name,
    number,
    octets,
    oid,
    seq,
    sets,
    tlv,
)

HIDDEN = b"something is hidden in here, where nobody looks"
RSA, PBES2 = "1.2.840.113549.1.1.1", "1.2.840.113549.1.5.13"


def root_certificate() -> bytes:
    """A certificate that names itself."""
    return ROOT_CERTIFICATE


def odd_certificate(content: bytes = HIDDEN) -> bytes:
    """A certificate with names, a comment and an extension that nobody knows."""
    algorithm = seq(oid(WITH_RSA["sha256"]), NULL)
    extensions = seq(oid("2.5.29.17"), octets(seq(tlv(0x82, b"whale.example"), tlv(0x82, b"*.whale.example"))))
    extensions += seq(oid("2.16.840.1.113730.1.13"), octets(tlv(0x16, b"a comment of some length")))
    extensions += seq(oid("1.3.6.1.4.1.99999.1"), octets(content))
    key = seq(number(ROOT.modulus), number(EXPONENT))
    tbs = seq(
        tlv(0xA0, number(2)), number(7), algorithm, name(ROOT.name),
        seq(tlv(0x17, b"200101000000Z"), tlv(0x18, b"20600101000000Z")), name("whale.example"),
        seq(seq(oid(RSA), NULL), tlv(3, b"\0", key)), tlv(0xA3, seq(extensions)),
    )  # fmt: skip
    return seq(tbs, algorithm, tlv(3, b"\0", ROOT.sign(tbs)))


def request(*, sound: bool = True) -> bytes:
    """A request for a certificate."""
    key = seq(seq(oid(RSA), NULL), tlv(3, b"\0", seq(number(SIGNER.modulus), number(EXPONENT))))
    info = seq(number(0), name("whale.example"), key, tlv(0xA0))
    return seq(info, seq(oid(WITH_RSA["sha256"]), NULL), tlv(3, b"\0", SIGNER.sign(info if sound else b"else")))


def revocation_list(*, revoked: int = 2) -> bytes:
    """A list of revoked certificates."""
    algorithm = seq(oid(WITH_RSA["sha256"]), NULL)
    rows = seq(*(seq(number(5 + n), tlv(0x17, b"210101000000Z")) for n in range(revoked)))
    times = tlv(0x17, b"210101000000Z") + tlv(0x17, b"310101000000Z")
    tbs = seq(number(1), algorithm, name(ROOT.name), times, rows if revoked else b"")
    return seq(tbs, algorithm, tlv(3, b"\0", ROOT.sign(tbs)))


def cms(*, encrypted: bool = False) -> bytes:
    """A message with a text and a certificate, signed by nobody, or encrypted."""
    if encrypted:
        content = seq(
            oid("1.2.840.113549.1.7.1"), seq(oid("2.16.840.1.101.3.4.1.42"), octets(bytes(16))), tlv(0x80, HIDDEN)
        )
        return seq(oid("1.2.840.113549.1.7.3"), tlv(0xA0, seq(number(0), sets(seq(number(0))), content)))
    content = seq(oid("1.2.840.113549.1.7.1"), tlv(0xA0, octets(b"a text that is long enough to be told of")))
    return seq(
        oid("1.2.840.113549.1.7.2"), tlv(0xA0, seq(number(1), sets(), content, tlv(0xA0, ROOT_CERTIFICATE), sets()))
    )


def rsa_key(party: Party = ROOT, *, sound: bool = True) -> bytes:
    """The older form of a private key."""
    private = pow(EXPONENT, -1, (party.p - 1) * (party.q - 1))
    numbers = [0, party.modulus + (not sound) * 2, EXPONENT, private, party.p, party.q]
    numbers += [private % (party.p - 1), private % (party.q - 1), pow(party.q, -1, party.p)]
    return seq(*map(number, numbers))


def pkcs8_key(party: Party = ROOT) -> bytes:
    """The newer form of a private key."""
    return seq(number(0), seq(oid(RSA), NULL), octets(rsa_key(party)))


def encrypted_key() -> bytes:
    """A private key in what closes it."""
    derivation = seq(oid("1.2.840.113549.1.5.12"), seq(octets(bytes(range(8))), number(2048)))
    cipher = seq(oid("2.16.840.1.101.3.4.1.42"), octets(bytes(16)))
    return seq(seq(oid(PBES2), seq(derivation, cipher)), octets(hashlib.sha256(b"whale").digest() * 5))


def ec_key() -> bytes:
    """A private key of P-256."""
    return seq(number(1), octets(bytes(range(1, 33))), tlv(0xA0, oid("1.2.840.10045.3.1.7")))


def public_key(party: Party = ROOT) -> bytes:
    """A public key."""
    return seq(seq(oid(RSA), NULL), tlv(3, b"\0", seq(number(party.modulus), number(EXPONENT))))


def ed_key() -> bytes:
    """A public key of Ed25519."""
    return seq(seq(oid("1.3.101.112")), tlv(3, b"\0", bytes(range(32))))


def key_store_12(password: str = "") -> bytes:
    """A store with one encrypted part."""
    cipher = seq(oid(PBES2), seq())
    part = seq(
        oid("1.2.840.113549.1.7.6"),
        tlv(0xA0, seq(number(0), seq(oid("1.2.840.113549.1.7.1"), cipher, tlv(0x80, HIDDEN)))),
    )
    safe = seq(part)
    salt = bytes(range(8))
    key = derive("sha256", password.encode("utf-16-be") + b"\0\0", salt, 3)
    digest = hmac.new(key, safe, "sha256").digest()
    mac = seq(seq(seq(oid("2.16.840.1.101.3.4.2.1"), NULL), octets(digest)), octets(salt), number(3))
    return seq(number(3), seq(oid("1.2.840.113549.1.7.1"), tlv(0xA0, octets(safe))), mac)


def pem_block(data: bytes, label: bytes = b"CERTIFICATE", *, fields: bytes = b"") -> bytes:
    """A block, with fields before the base64."""
    text = base64.b64encode(data)
    lines = b"".join(text[at : at + 64] + b"\n" for at in range(0, len(text), 64))
    head = fields + b"\n" if fields else b""
    return b"-----BEGIN " + label + b"-----\n" + head + lines + b"-----END " + label + b"-----\n"


def armor(data: bytes, *, fields: bytes = b"Comment: a comment on the armour\n", sound: bool = True) -> bytes:
    """OpenPGP's armour, with its checksum."""
    crc = 0xB704CE
    for byte in data:
        crc ^= byte << 16
        for _ in range(8):
            crc = crc << 1 ^ (0x1864CFB if crc & 0x800000 else 0)
    total = ((crc & 0xFFFFFF) ^ (not sound)).to_bytes(3, "big")
    block = pem_block(data, b"PGP PUBLIC KEY BLOCK", fields=fields)
    end = b"-----END PGP"
    return block.replace(end, b"=" + base64.b64encode(total) + b"\n" + end)


def wire(*parts: bytes) -> bytes:
    """SSH's strings."""
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def ssh_blob() -> bytes:
    """A public key of Ed25519."""
    return wire(b"ssh-ed25519", bytes(range(32)))


def ssh_line(comment: bytes = b"somebody@whale.example") -> bytes:
    """A line of a public key."""
    return b"ssh-ed25519 " + base64.b64encode(ssh_blob()) + (b" " + comment if comment else b"") + b"\n"


def openssh_key(*, cipher: bytes = b"none", keys: int = 1) -> bytes:
    """A private key in OpenSSH's binary form; the secret part is not one."""
    secret = b"\1\2\3\4\1\2\3\4" + bytes(range(56))
    head = wire(cipher, b"none" if cipher == b"none" else b"bcrypt", b"") + struct.pack(">I", keys)
    return b"openssh-key-v1\0" + head + wire(ssh_blob(), secret)


def ppk_file(*, cipher: bytes = b"none", lines: int = 1) -> bytes:
    """A private key of PuTTY; the secret part is not one."""
    public = base64.b64encode(ssh_blob())
    head = b"PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: " + cipher + b"\r\nComment: a comment on the key\r\n"
    middle = b"Public-Lines: 2\r\n" + public[:64] + b"\r\n" + public[64:] + b"\r\n"
    if cipher != b"none":
        middle += b"Key-Derivation: Argon2id\r\nArgon2-Memory: 8192\r\nArgon2-Passes: 13\r\n"
    return head + middle + b"Private-Lines: %d\r\n" % lines + b"QUJD" * 11 + b"\r\nPrivate-MAC: " + b"0f" * 32 + b"\r\n"


def packet(tag: int, content: bytes) -> bytes:
    """A packet with the old form of header."""
    wide = len(content) > 255 or tag in (2, 6)
    return bytes([0x80 | tag << 2 | wide]) + len(content).to_bytes(2 if wide else 1, "big") + content


def _mpi(value: int) -> bytes:
    return struct.pack(">H", value.bit_length()) + value.to_bytes((value.bit_length() + 7) // 8, "big")


def pgp_public(created: int = 1_600_000_000, party: Party = ROOT) -> bytes:
    """The content of a key packet."""
    return b"\4" + struct.pack(">I", created) + b"\1" + _mpi(party.modulus) + _mpi(EXPONENT)


def pgp_signature(kind: int = 0x13) -> bytes:
    """The content of a signature of nobody."""
    hashed = b"\5\2" + struct.pack(">I", 1_600_000_001)
    return (
        bytes([4, kind, 1, 8])
        + struct.pack(">H", len(hashed))
        + hashed
        + struct.pack(">H", 0)
        + b"\7\7"
        + _mpi(ROOT.modulus - 5)
    )


def keyring(*, private: bytes = b"") -> bytes:
    """A key with a user and a subkey; `private` is a packet of somebody's own."""
    out = packet(6, pgp_public()) + packet(13, b"Whale <whale@example.org>") + packet(2, pgp_signature())
    out += b"\xce" + bytes([len(pgp_public())]) + pgp_public() + packet(2, pgp_signature(0x18))
    return out + (b"\xfc" + bytes([len(private)]) + private if private else b"")


def pgp_message(*, parts: bool = False) -> bytes:
    """A message for a key and for a passphrase, its data in one part or in two."""
    session = b"\3" + bytes(range(8)) + b"\1" + _mpi(ROOT.modulus - 9)
    phrase = bytes([4, 9, 3, 8]) + bytes(range(8)) + b"\xee"
    data = b"\1" + hashlib.sha256(b"whale").digest() * 20
    body = b"\xd2" + (b"\xe9" + data[:512] + bytes([len(data) - 512]) + data[512:] if parts else b"\xc1\xc1" + data)
    if not parts:
        body = b"\xd2" + bytes([(len(data) - 192 >> 8) + 192, len(data) - 192 & 0xFF]) + data
    return bytes([0x85]) + struct.pack(">H", len(session)) + session + packet(3, phrase) + body


def key_store(*, kind: str = "JKS", password: str = "whale", count: int | None = None) -> bytes:
    """A store with a private key of nobody and a certificate."""

    def text(value: bytes) -> bytes:
        return struct.pack(">H", len(value)) + value

    def part(value: bytes) -> bytes:
        return struct.pack(">I", len(value)) + value

    entry = struct.pack(">I", 1) + text(b"own") + bytes(8) + part(HIDDEN) + struct.pack(">I", 0)
    entry += struct.pack(">I", 2) + text(b"root") + bytes(8) + text(b"X.509") + part(ROOT_CERTIFICATE)
    magic = 0xFEEDFEED if kind == "JKS" else 0xCECECECE
    out = struct.pack(">3I", magic, 2, 2 if count is None else count) + entry
    return out + hashlib.sha1(password.encode("utf-16-be") + b"Mighty Aphrodite" + out).digest()


def bouncy_store(*, chain: int = 0) -> bytes:
    """A store with a certificate and a sealed key of nobody."""

    def text(value: bytes) -> bytes:
        return struct.pack(">H", len(value)) + value

    def part(value: bytes) -> bytes:
        return struct.pack(">I", len(value)) + value

    out = struct.pack(">2I", 2, 20) + bytes(range(20)) + struct.pack(">I", 1500)
    out += (
        b"\1" + text(b"root") + bytes(8) + struct.pack(">I", chain) + text(b"X.509") + part(b"a certificate of nobody")
    )
    out += b"\4" + text(b"own") + bytes(8) + struct.pack(">I", 0) + part(HIDDEN)
    return out + b"\0" + bytes(range(20))


def keepass_file(*, sound: bool = True, version: int = 4) -> bytes:
    """A database of one block of nothing."""
    cipher = bytes.fromhex("31c1f2e6bf714350be5805216afc5aff")
    fields = [(2, cipher), (3, b"\1\0\0\0"), (4, bytes(32)), (7, bytes(16)), (0, b"\r\n\r\n")]
    form = "<BI" if version == 4 else "<BH"
    head = bytes.fromhex("03d9a29a67fb4bb5") + struct.pack("<2H", 0, version)
    head += b"".join(struct.pack(form, kind, len(data)) + data for kind, data in fields)
    if version < 4:
        return head + HIDDEN
    digest = hashlib.sha256(head if sound else b"else").digest()
    return head + digest + bytes(32) + bytes(32) + struct.pack("<I", len(HIDDEN)) + HIDDEN + bytes(32) + bytes(4)
