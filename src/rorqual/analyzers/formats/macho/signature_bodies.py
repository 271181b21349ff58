"""The records that findings on code signatures carry."""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen


class MachOSignatureBlob(NamedTuple):
    """A blob of a signature."""

    slot: str
    type: str  # by its magic
    offset: int
    size: int


@frozen
class MachOSignature:
    """A code signature as a whole; the finding spans what LC_CODE_SIGNATURE leads to."""

    tag: ClassVar[str] = "macho_signature"
    kind: str  # adhoc, linker-signed, cms, or none where there is no code directory
    number_of_blobs: int  # as stored
    size: int  # of the blobs with their index, as stored
    slack: int  # bytes of what LC_CODE_SIGNATURE leads to that follow the blobs
    slack_used: bool  # not all of them are zero: Developer ID signatures are seen with 9 KB of something else
    blobs: tuple[MachOSignatureBlob, ...]
    requirements: bool
    entitlements_der: bool
    launch_constraints: int
    cms_size: int | None  # bytes; a wrapper without a message has 0


@frozen
class MachOCodeDirectory:
    """A code directory."""

    tag: ClassVar[str] = "macho_code_directory"
    slot: str
    version: int
    flags: int
    flag_names: tuple[str, ...]
    identifier: str | None
    team: str | None
    hash: str
    hash_size: int
    page_size: int | None  # bytes; None: all code is one page
    code_limit: int  # where what it has digests of ends, from the file header's start
    code_slots: int  # digests of pages: not verified
    special_slots: int
    platform: int
    executable_base: int | None
    executable_limit: int | None
    executable_flags: tuple[str, ...]
    runtime: str | None  # version of the hardened runtime
    cdhash: str | None


@frozen
class MachOEntitlements:
    """What a program is entitled to, as XML."""

    tag: ClassVar[str] = "macho_entitlements"
    xml: str  # at most ENTITLEMENTS_MOST bytes of it
    size: int  # bytes of all


class MachOCertificate(NamedTuple):
    """A certificate of the CMS message."""

    subject: str
    issuer: str
    serial: str
    not_before: str
    not_after: str
    thumbprint: str  # SHA-256


@frozen
class MachOSigner:
    """Who signed the first code directory; the finding spans the CMS message."""

    tag: ClassVar[str] = "macho_signer"
    subject: str | None
    issuer: str | None
    serial: str | None
    digest: str | None
    signing_time: str | None
    signers: int
    digest_matches: bool | None  # of the code directory; None: could not be checked
    signature_holds: bool | None
    chain_complete: bool | None
    certificates: tuple[MachOCertificate, ...]
