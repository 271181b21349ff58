"""The records that findings on a PE's certificate table carry.

Nothing here is trust: no store of roots is consulted, nothing is looked up as revoked, and no clock is read. "complete"
says of a chain that it ends in a certificate that names itself as its issuer; whose that is anybody may have made.
Fields that are None could not be checked. Texts end in "…" where they are cut.
"""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen


class PECertificateEntry(NamedTuple):
    """A WIN_CERTIFICATE of the table."""

    offset: int
    length: int  # bytes, as stored, its eight bytes of header with it
    revision: str
    type: str
    content: int  # bytes of the DER structure inside; 0 where there is none


@frozen
class PECertificateTable:
    """The attribute certificate table; the finding spans what of it is in the file."""

    tag: ClassVar[str] = "pe_certificate_table"
    size: int  # bytes, as the header declares
    entries: tuple[PECertificateEntry, ...]  # the first of them
    entry_count: int
    unaccounted: int  # bytes of the table that no entry's structure accounts for, alignment apart
    behind: int | None  # bytes of the file behind the table; None: the image lies inside something bigger


@frozen
class PECertificateData:
    """Bytes in the certificate table that belong to no signature: the digest that is signed leaves them out."""

    tag: ClassVar[str] = "pe_certificate_data"
    inside: str  # "entry" (behind the structure in it), "alignment" (between two) or "table" (behind the last)
    entropy: float | None = None
    sha256: str | None = None


@frozen
class PECertificate:
    """An X.509 certificate of a signature or a time stamp; told once, wherever it first stands."""

    tag: ClassVar[str] = "pe_certificate"
    subject: str
    issuer: str
    serial: str  # hex digits
    not_before: str
    not_after: str
    sha1: str  # the thumbprints
    sha256: str
    key_algorithm: str
    key_size: int  # bits; 0 where the algorithm is not supported
    signature_algorithm: str
    self_signed: bool | None  # names itself as its issuer and its key made its signature
    issuer_present: bool  # its issuer is among the certificates here
    signature_valid: bool | None  # made by the key of the issuer that is present
    authority: bool
    extended_key_usage: tuple[str, ...]  # the first 64; empty where the certificate does not restrict it
    code_signing: bool  # the extended key usage names it


@frozen
class PESigner:
    """Who signed, and what of it holds."""

    subject: str | None  # None: its certificate is not here
    issuer: str
    serial: str
    digest_algorithm: str
    signature_algorithm: str
    message_digest_matches: bool | None
    signature_valid: bool | None
    self_signed: bool | None
    expiry: str | None  # the end of its certificate's validity
    chain: tuple[str, ...]  # SHA-256 thumbprints, its own certificate first
    chain_subjects: tuple[str, ...]
    chain_complete: bool | None
    chain_valid: bool | None  # each certificate's signature by the next, and a lone self-signed one's


@frozen
class PETimestamp:
    """A countersignature that says when the signature was there already."""

    offset: int
    size: int
    kind: str  # "rfc3161" or "pkcs9"
    time: str | None
    digest_algorithm: str
    digest_matches: bool | None  # what it stamps is this signature
    signer: PESigner
    status: str  # as of PEAuthenticode
    problems: tuple[str, ...]


class PEAttribute(NamedTuple):
    """An attribute outside of what is signed that is not one of Authenticode's."""

    oid: str
    size: int  # bytes


@frozen
class PEAuthenticode:
    """One signer's Authenticode signature; the finding spans its SignedData.

    `status` is the first of these that fits: "broken" (a digest, a signature or a time stamp does not hold, a
    certificate is not for this, or the table lies in the image), "unsupported" (an algorithm is not, or the table is
    not the last of the file), "incomplete" (something is missing), "expired" (a time stamp lies outside of a
    certificate's validity), "self_signed", "valid" (as far as it can be checked without trust). `problems` has why.
    """

    tag: ClassVar[str] = "pe_authenticode"
    entry: int  # index in the certificate table
    nesting: int  # 0, or how deep inside other signatures
    digest_algorithm: str
    digest: str  # of the file, as signed: hex digits
    digest_matches: bool | None
    page_hashes: str | None  # the algorithm, where each page is signed too; they are not compared
    page_hash_count: int
    program_name: str | None
    more_info_url: str | None
    signing_time: str | None  # as the signer claims; no proof
    signer: PESigner
    timestamps: tuple[PETimestamp, ...]
    certificate_count: int
    unsigned_attributes: tuple[PEAttribute, ...]  # at most 64 of them
    status: str
    problems: tuple[str, ...]
    time_known: bool  # a time stamp that counts; without one nothing was held against the certificates' validity
    md5: str | None = None  # the digest of the file as it is, by the algorithm that was signed
    sha1: str | None = None
    sha256: str | None = None
    sha384: str | None = None
    sha512: str | None = None
