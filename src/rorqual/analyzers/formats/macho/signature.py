"""Code signatures: LC_CODE_SIGNATURE leads to a SuperBlob of code directories, entitlements and more at the file's end.

code_directory.py has the structures. A code directory has a digest for each page of the file up to its code limit, and
for other blobs in special slots; its own digest (cdhash) is what names and what CMS signs. The digests of blobs are
compared. Those of pages are counted and not verified, which would read the whole file a second time; nor are
requirements evaluated, or certificates held against a trust store.
"""

from collections.abc import Iterator

from rorqual.analyzers.formats.macho import cms, names
from rorqual.analyzers.formats.macho import code_directory as signed
from rorqual.analyzers.formats.macho.code_directory import Blob, CodeDirectory, Superblob
from rorqual.analyzers.formats.macho.context import WOKEN, layout_of
from rorqual.analyzers.formats.macho.layout import Part
from rorqual.analyzers.formats.macho.signature_anomalies import INVALID, signature_anomalies
from rorqual.analyzers.formats.macho.signature_bodies import (
    MachOCertificate,
    MachOCodeDirectory,
    MachOEntitlements,
    MachOSignature,
    MachOSignatureBlob,
    MachOSigner,
)
from rorqual.analyzers.formats.x509.certificates import serial_text
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Said, View

SLACK_READ = 1 << 16  # bytes behind the blobs that are looked at; signers leave up to 20 KB
ENTITLEMENTS_MOST = 1 << 16  # bytes of entitlements told; the longest of Apple's own have 20 KB


class MachOSignatureProbe:
    """The code signature of a Mach-O file."""

    name = "macho-signature"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (WOKEN,)

    def score(self, view: View, /) -> int:
        """Not used: nothing but a kind wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The whole, code directories, entitlements, signer, and what is wrong."""
        layout, view = layout_of(hit), hit.view
        part = layout.part("code-signature")
        if part is None:
            return
        head = view.read(part.at, 4)
        if int.from_bytes(head, "big") != signed.SUPERBLOB:
            proof = f"{part.size:#x} bytes at {part.at:#x} begin {head.hex()}, not as a signature does"
            yield hit.finding(part.at, part.present, Anomaly("signature_unreadable", proof, INVALID))
        whole = signed.read_superblob(view, part.at, part.present)
        directories = signed.code_directories(view, part.at, whole)
        yield hit.finding(part.at, part.present, _body(hit, part, whole, directories))
        for one in directories:
            yield hit.finding(part.at + one.blob.at, one.blob.present, _directory(one))
        for blob in whole.blobs:
            if blob.slot == signed.SLOT_ENTITLEMENTS and blob.present > 8:
                raw = view.read(part.at + blob.at + 8, min(blob.present - 8, ENTITLEMENTS_MOST))
                body = MachOEntitlements(_xml(raw), blob.size - 8)
                yield hit.finding(part.at + blob.at, blob.present, body)
            elif blob.slot == signed.SLOT_CMS and blob.present > 8:
                yield from _signer(hit, part, blob, directories)
        for at, size, anomaly in signature_anomalies(view, layout, part, whole, directories):
            yield hit.finding(at, size, anomaly)


def _body(hit: Hit, part: Part, whole: Superblob, directories: list[CodeDirectory]) -> MachOSignature:
    slots = whole.by_slot()
    message = slots.get(signed.SLOT_CMS)
    slack = max(0, part.present - whole.size)
    size = None if message is None else max(0, message.size - 8)
    if not directories:
        kind = "none"
    elif size:
        kind = "cms"
    else:
        kind = "linker-signed" if directories[0].flags & 0x2_0000 else "adhoc"
    return MachOSignature(
        kind=kind,
        number_of_blobs=whole.declared,
        size=whole.size,
        slack=slack,
        slack_used=slack > 0 and any(hit.view.read(part.at + whole.size, min(slack, SLACK_READ))),
        blobs=tuple(
            MachOSignatureBlob(
                signed.slot_name(one.slot), signed.magic_name(one.magic), hit.offset + part.at + one.at, one.size
            )
            for one in whole.blobs
        ),
        requirements=signed.SLOT_REQUIREMENTS in slots,
        entitlements_der=signed.SLOT_ENTITLEMENTS_DER in slots,
        launch_constraints=sum(8 <= slot <= 11 for slot in slots),
        cms_size=size,
    )


def _directory(one: CodeDirectory) -> MachOCodeDirectory:
    known = signed.HASHES.get(one.hash_type)
    return MachOCodeDirectory(
        slot=signed.slot_name(one.blob.slot),
        version=one.version,
        flags=one.flags,
        flag_names=names.flags(one.flags, signed.FLAGS),
        identifier=one.identifier,
        team=one.team,
        hash=known[0] if known else str(one.hash_type),
        hash_size=one.hash_size,
        page_size=one.page_size,
        code_limit=one.code_limit,
        code_slots=one.code_slots,
        special_slots=one.special_slots,
        platform=one.platform,
        executable_base=one.executable_base,
        executable_limit=one.executable_limit,
        executable_flags=names.flags(one.executable_flags or 0, signed.EXECUTABLE_FLAGS),
        runtime=one.runtime,
        cdhash=one.cdhash,
    )


def _xml(raw: bytes) -> str:
    """Printable: lines and tabs stand, all else that steers a terminal is written as Python does."""
    text = raw.decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode("ascii") for c in text)


def _signer(hit: Hit, part: Part, blob: Blob, directories: list[CodeDirectory]) -> Iterator[Finding]:
    at = part.at + blob.at
    data = hit.view.read(at + 8, min(blob.present - 8, cms.CMS_MOST))
    first = next((one.data for one in directories if one.blob.slot == signed.SLOT_DIRECTORY and not one.cut), None)
    found = cms.read_cms(data, hit.view, hit.offset + at + 8, first)
    if found is None:
        proof = f"{blob.size - 8} bytes that are not SignedData"
        yield hit.finding(at, blob.present, Anomaly("signature_message_unreadable", proof, INVALID))
        return
    certificates = tuple(
        MachOCertificate(
            one.subject_text,
            one.issuer_text,
            serial_text(one.serial),
            one.not_before,
            one.not_after,
            one.thumbprint,
        )
        for one in found.certificates
    )
    body = MachOSigner(
        subject=found.signer.subject_text if found.signer else None,
        issuer=found.signer.issuer_text if found.signer else None,
        serial=found.serial,
        digest=found.digest,
        signing_time=found.signing_time,
        signers=found.signers,
        digest_matches=found.digest_matches,
        signature_holds=found.signature_holds,
        chain_complete=found.chain_complete,
        certificates=certificates,
    )
    yield hit.finding(at, blob.present, body)
    if found.digest_matches is False or found.signature_holds is False:
        what = "another code directory" if found.digest_matches is False else "other attributes"
        proof = f"the message of {found.digest} was made for {what}"
        yield hit.finding(at, blob.present, Anomaly("signature_wrong", proof, INVALID))
