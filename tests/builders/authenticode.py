"""Signed PE images from fixed keys: certificates, SignedData, time stamps, byte for byte the same each time.

The keys are as short as the standards' padding allows and protect nothing.
"""

import hashlib
import struct
from dataclasses import dataclass, replace

from tests.builders.pe import SECURITY, Image
from tests.builders.pe import build as image

NULL = b"\5\0"
EXPONENT = 65537
DIGESTS = {
    "md5": "1.2.840.113549.2.5",
    "sha1": "1.3.14.3.2.26",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
    "md2": "1.2.840.113549.2.2",
}
WITH_RSA = {
    "md5": "1.2.840.113549.1.1.4",
    "sha1": "1.2.840.113549.1.1.5",
    "sha256": "1.2.840.113549.1.1.11",
    "sha384": "1.2.840.113549.1.1.12",
    "sha512": "1.2.840.113549.1.1.13",
    "md2": "1.2.840.113549.1.1.2",
}
CODE_SIGNING = "1.3.6.1.5.5.7.3.3"
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
NESTED = "1.3.6.1.4.1.311.2.4.1"
RFC3161 = "1.3.6.1.4.1.311.3.3.1"
COUNTER = "1.2.840.113549.1.9.6"
DATA = "1.2.840.113549.1.7.1"
INDIRECT_DATA = "1.3.6.1.4.1.311.2.1.4"


@dataclass(frozen=True)
class Party:
    """Somebody with a name and a key made of two primes."""

    name: str
    p: int
    q: int

    @property
    def modulus(self) -> int:
        return self.p * self.q

    def sign(self, message: bytes, digest: str = "sha256") -> bytes:
        """PKCS #1 v1.5."""
        value = b"\0" * 16 if digest == "md2" else hashlib.new(digest, message).digest()
        info = seq(seq(oid(DIGESTS[digest]), NULL), octets(value))
        size = (self.modulus.bit_length() + 7) // 8
        block = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
        private = pow(EXPONENT, -1, (self.p - 1) * (self.q - 1))
        return pow(int.from_bytes(block, "big"), private, self.modulus).to_bytes(size, "big")


ROOT = Party(
    "Whale Root",
    0xCCCDD510FA213F0313BB69B4B1AE14B3E9894FA461546419723539EEB1F62043F089D7F84CB5C2624AFC281357EB84D6DFD5E099CDF273B4F836B5198E791E2F,
    0xC95E97842D215D39CE5E0DEDB6C1B8B6028B1920A818A17FE8D9483E648C0789DD3D64554C6351D5C02EEBEAAA4B085107AD185FA1D56C5747E951022591D8FF,
)
SIGNER = Party(
    "Søren Whale, Ltd.",
    0xEA8C0CD06F8C788FBECA1E77DC1FA06700BEB9708DA7F8E6820271DD2494FC115B034BFC7C2EF991A32EC3F1077D4ABDFC911C1F8ED0EA21D352E2EBEF0C2FD9,
    0xC9E06C75E5411C0E8AC673A800A4B874577409A319B9DB4A35D0394A8090E73C6EA62CD9B85057EB58353BCAE25C8A59D5393725118F3C11FBA24937C7D1BC21,
)
STAMPER = Party(
    "Whale Time",
    0xF806870F7520EEB48702A377EBCA54080D05BD5010DEC824AD99233AE2941068736CE21C14386DC1E038965E24300FD8E09082AFA9D72D09F241A65563EE0797,
    0xC1EA7EE7309C5781AE68A2386CEBC21B15B825F5A605429C0821776E15CF0394809A0B796623FC29553BB6B017623E141E34BABB685A7EC8A0C87568CACE7EA9,
)


def tlv(tag: int, *parts: bytes) -> bytes:
    """A tag, a length, the content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def seq(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def sets(*parts: bytes) -> bytes:
    return tlv(0x31, *parts)


def octets(content: bytes) -> bytes:
    return tlv(4, content)


def number(value: int) -> bytes:
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    first, second, *arcs = map(int, dotted.split("."))
    content = b""
    for arc in (40 * first + second, *arcs):
        pieces = [arc & 0x7F]
        while arc := arc >> 7:
            pieces.append(arc & 0x7F | 0x80)
        content += bytes(reversed(pieces))
    return tlv(6, content)


def name(common: str) -> bytes:
    return seq(sets(seq(oid("2.5.4.6"), tlv(0x13, b"NO"))), sets(seq(oid("2.5.4.3"), tlv(0x0C, common.encode()))))


def certificate(
    subject: Party,
    issuer: Party,
    *,
    serial: int,
    usage: str = "",
    not_before: str = "200101000000Z",
    not_after: str = "300101000000Z",
    digest: str = "sha256",
    constraints: bytes | None = None,
    key_usage: int | None = None,
    plain: bool = False,
) -> bytes:
    """An X.509 certificate, version 3; an authority's where it has no usage.

    `constraints` are other basic constraints, none where they are empty; `key_usage` is the byte of that extension;
    a `plain` certificate has no extensions.
    """
    if constraints is None:
        constraints = seq() if usage else seq(tlv(1, b"\xff"))
    key = seq(number(subject.modulus), number(EXPONENT))
    extensions = seq(oid("2.5.29.37"), octets(seq(oid(usage)))) if usage else b""
    if constraints:
        extensions += seq(oid("2.5.29.19"), tlv(1, b"\xff"), octets(constraints))
    if key_usage is not None:
        extensions += seq(oid("2.5.29.15"), octets(tlv(3, b"\0", bytes((key_usage,)))))
    algorithm = seq(oid(WITH_RSA[digest]), NULL)
    tbs = seq(
        tlv(0xA0, number(2)),
        number(serial),
        algorithm,
        name(issuer.name),
        seq(tlv(0x17, not_before.encode()), tlv(0x17, not_after.encode())),
        name(subject.name),
        seq(seq(oid("1.2.840.113549.1.1.1"), NULL), tlv(3, b"\0", key)),
        b"" if plain else tlv(0xA3, seq(extensions)),
    )
    return seq(tbs, algorithm, tlv(3, b"\0", issuer.sign(tbs, digest)))


ROOT_CERTIFICATE = certificate(ROOT, ROOT, serial=1)
SIGNER_CERTIFICATE = certificate(SIGNER, ROOT, serial=0xC0FFEE, usage=CODE_SIGNING)
STAMPER_CERTIFICATE = certificate(STAMPER, ROOT, serial=3, usage=TIME_STAMPING)


def attribute(kind: str, *values: bytes) -> bytes:
    return seq(oid(kind), sets(*values))


def signer_info(
    party: Party,
    issuer: Party,
    content: bytes,
    *,
    serial: int,
    kind: str,
    digest: str = "sha256",
    signed: tuple[bytes, ...] = (),
    unsigned: tuple[bytes, ...] = (),
) -> tuple[bytes, bytes]:
    """A SignerInfo with its attributes, and its signature; without the attribute for content of no `kind`."""
    value = b"\0" * 16 if digest == "md2" else hashlib.new(digest, content).digest()
    attributes = (
        *([attribute("1.2.840.113549.1.9.3", oid(kind))] if kind else []),
        attribute("1.2.840.113549.1.9.4", octets(value)),
        *signed,
    )
    signature = party.sign(sets(*attributes), digest)
    info = seq(
        number(1),
        seq(name(issuer.name), number(serial)),
        seq(oid(DIGESTS[digest]), NULL),
        tlv(0xA0, *attributes),
        seq(oid("1.2.840.113549.1.1.1"), NULL),
        octets(signature),
        tlv(0xA1, *unsigned) if unsigned else b"",
    )
    return info, signature


def signed_data(
    kind: str, content: bytes, certificates: tuple[bytes, ...], *infos: bytes, digest: str = "sha256"
) -> bytes:
    """A ContentInfo that holds SignedData."""
    return seq(
        oid("1.2.840.113549.1.7.2"),
        tlv(
            0xA0,
            seq(
                number(1),
                sets(seq(oid(DIGESTS[digest]), NULL)),
                seq(oid(kind), tlv(0xA0, content)),
                tlv(0xA0, *certificates),
                sets(*infos),
            ),
        ),
    )


def rfc3161(signature: bytes, *, time: str = "20250102030405Z", certificates: tuple[bytes, ...] | None = None) -> bytes:
    """A time stamp of the signature, as an unsigned attribute."""
    kind = "1.2.840.113549.1.9.16.1.4"
    imprint = seq(seq(oid(DIGESTS["sha256"]), NULL), octets(hashlib.sha256(signature).digest()))
    info = seq(number(1), oid("1.2.3.4"), imprint, number(7), tlv(0x18, time.encode()))
    one, _ = signer_info(STAMPER, ROOT, info, serial=3, kind=kind)
    chain = (STAMPER_CERTIFICATE,) if certificates is None else certificates
    return attribute(RFC3161, signed_data(kind, octets(info), chain, one))


def countersignature(signature: bytes, *, time: str = "250102030405Z", kind: str = DATA) -> bytes:
    """The same as PKCS #9 has it; its certificate belongs among those of the signature."""
    when = attribute("1.2.840.113549.1.9.5", tlv(0x17, time.encode()))
    one, _ = signer_info(STAMPER, ROOT, signature, serial=3, kind=kind, signed=(when,))
    return attribute(COUNTER, one)


@dataclass(frozen=True)
class Signing:
    """How to sign; `stamp` is "rfc3161" or "pkcs9"."""

    digest: str = "sha256"
    certificates: tuple[bytes, ...] = (SIGNER_CERTIFICATE, ROOT_CERTIFICATE)
    party: Party = SIGNER
    issuer: Party = ROOT
    serial: int = 0xC0FFEE
    stamp: str = ""
    time: str = "20250102030405Z"
    unsigned: tuple[bytes, ...] = ()  # further attributes
    signer_digest: str = ""  # where it is another than the file's
    content_type: str = INDIRECT_DATA  # as the signer says; empty: it does not
    stamp_type: str = DATA  # the same of a PKCS #9 time stamp
    stamp_certificates: tuple[bytes, ...] | None = None  # in an RFC 3161 time stamp


def authenticode(digest: bytes, signing: Signing) -> bytes:
    """The ContentInfo for an image of this digest."""
    obsolete = tlv(0xA2, tlv(0x80, "<<<Obsolete>>>".encode("utf-16-be")))
    data = seq(oid("1.3.6.1.4.1.311.2.1.15"), seq(tlv(3, b"\0"), tlv(0xA0, obsolete)))
    content = data + seq(seq(oid(DIGESTS[signing.digest]), NULL), octets(digest))
    opus = seq(tlv(0xA0, tlv(0x80, "Whale Watch".encode("utf-16-be"))), tlv(0xA1, tlv(0x80, b"https://whale.example/")))
    signed = (attribute("1.3.6.1.4.1.311.2.1.12", opus),)
    stamps: tuple[bytes, ...] = ()
    info = b""
    for last in (False, True):  # a time stamp stamps the signature it stands beside
        unsigned = (*stamps, *signing.unsigned) if last else ()
        info, signature = signer_info(
            signing.party,
            signing.issuer,
            content,
            serial=signing.serial,
            kind=signing.content_type,
            digest=signing.signer_digest or signing.digest,
            signed=signed,
            unsigned=unsigned,
        )
        if signing.stamp == "rfc3161":
            stamps = (rfc3161(signature, time=signing.time, certificates=signing.stamp_certificates),)
        elif signing.stamp == "pkcs9":
            stamps = (countersignature(signature, time=signing.time[2:], kind=signing.stamp_type),)
    return signed_data(INDIRECT_DATA, seq(content), signing.certificates, info, digest=signing.digest)


def holes(base: Image) -> tuple[int, int]:
    """Where the checksum and the entry of the certificate table are."""
    optional = base.e_lfanew + 24
    return optional + 64, optional + (112 if base.plus else 96) + 8 * SECURITY


def image_digest(base: Image, digest: str) -> bytes:
    """Of the image without a certificate table, padded for one."""
    if digest == "md2":
        return b"\0" * 16
    data = image(base)
    data += bytes(-len(data) % 8)
    checksum, entry = holes(base)
    return hashlib.new(digest, data[:checksum] + data[checksum + 4 : entry] + data[entry + 8 :]).digest()


def sign(base: Image | None = None, signing: Signing | None = None, *, nested: Signing | None = None) -> bytes:
    """The content of the one certificate of a signed image; with a second signature inside it where asked for."""
    base, signing = base or Image(), signing or Signing()
    if nested is not None:
        inner = authenticode(image_digest(base, nested.digest), nested)
        unsigned = (*signing.unsigned, attribute(NESTED, inner))
        signing = replace(signing, unsigned=unsigned)
    return authenticode(image_digest(base, signing.digest), signing)


def build(base: Image | None = None, signing: Signing | None = None, *, nested: Signing | None = None) -> bytes:
    """A signed image."""
    base = base or Image()
    return image(replace(base, certificate=sign(base, signing, nested=nested)))


def table_of(data: bytes, base: Image | None = None) -> tuple[int, int]:
    """Offset and size of the certificate table, as its entry in the header says."""
    _, entry = holes(base or Image())
    offset, size = struct.unpack_from("<II", data, entry)
    return offset, size


def with_table(data: bytes, table: bytes, base: Image | None = None, *, size: int | None = None) -> bytes:
    """The same image with other bytes for its certificate table; `size` is what the header then says."""
    offset, _ = table_of(data, base)
    _, entry = holes(base or Image())
    changed = bytearray(data[:offset] + table)
    struct.pack_into("<I", changed, entry + 4, len(table) if size is None else size)
    return bytes(changed)
