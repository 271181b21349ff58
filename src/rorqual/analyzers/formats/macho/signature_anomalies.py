"""What is wrong with a code signature: where it lies, what it leaves out, and digests of blobs that do not match."""

import hashlib
from collections.abc import Iterator

from rorqual.analyzers.formats.macho import code_directory as signed
from rorqual.analyzers.formats.macho.code_directory import CodeDirectory, Superblob
from rorqual.analyzers.formats.macho.layout import Layout, Part
from rorqual.sdk import Anomaly, View

INVALID = ("T1036.001",)  # Masquerading: Invalid Code Signature
COMPARED_MOST = 1 << 20  # bytes of a blob whose digest is compared
BEHIND_READ = 1 << 16  # bytes behind the signature that are looked at: zeros that fill up are no data
ALIGNMENT = 16  # of signature and file end; zeros may fill up
_COMPARED = (signed.SLOT_REQUIREMENTS, signed.SLOT_ENTITLEMENTS, signed.SLOT_ENTITLEMENTS_DER, 8, 9, 10, 11)

Noted = tuple[int, int, Anomaly]  # at, size


def signature_anomalies(
    view: View, layout: Layout, part: Part, whole: Superblob, directories: list[CodeDirectory]
) -> Iterator[Noted]:
    """What is wrong, with the bytes that prove it."""
    yield from _place(view, layout, part, whole)
    yield from _blobs(part, whole)
    if not directories:
        yield part.at, 12, Anomaly("signature_without_code_directory", f"{whole.declared} blobs", INVALID)
    for one in directories:
        yield from _directory(part, one)
        yield from _compared(view, part, whole, one)


def _place(view: View, layout: Layout, part: Part, whole: Superblob) -> Iterator[Noted]:
    end = part.at + part.size
    if end + ALIGNMENT <= layout.whole_end:
        proof = f"it ends at {end:#x}, the file at {layout.whole_end:#x}"
        yield part.at, part.present, Anomaly("signature_not_at_end", proof)
    linkedit = layout.segment(b"__LINKEDIT")
    if linkedit is not None and end < (last := linkedit.row.offset + linkedit.row.file_size):
        behind = layout.stored(end, last - end)
        if behind and any(view.read(end, min(behind, BEHIND_READ))):
            proof = f"{last - end:#x} bytes of __LINKEDIT follow the signature"
            yield end, behind, Anomaly("signature_data_behind", proof)
    if whole.size > part.size:
        proof = f"the blobs have {whole.size:#x} bytes, LC_CODE_SIGNATURE {part.size:#x}"
        yield part.at, 12, Anomaly("signature_size_wrong", proof)


def _blobs(part: Part, whole: Superblob) -> Iterator[Noted]:
    if whole.declared > len(whole.blobs):
        proof = f"{whole.declared} blobs; the first {len(whole.blobs)} are told"
        yield part.at, 12, Anomaly("signature_blobs_not_told", proof)
    seen: set[int] = set()
    for number, blob in enumerate(whole.blobs):
        at, name = part.at + 12 + 8 * number, signed.slot_name(blob.slot)
        if blob.present < blob.size or blob.size < 8:
            proof = f"{name}: {blob.size:#x} bytes at {blob.at:#x} of {part.present:#x}"
            yield at, 8, Anomaly("signature_blob_out_of_range", proof)
        if blob.slot in seen:
            yield at, 8, Anomaly("signature_slot_repeated", f"blob {number}: {name} again; the kernel takes the first")
        seen.add(blob.slot)


def _directory(part: Part, one: CodeDirectory) -> Iterator[Noted]:
    at, size, label = part.at + one.blob.at, one.blob.present, signed.slot_name(one.blob.slot)
    if one.code_limit > part.at:
        proof = f"{label}: the code ends at {one.code_limit:#x}, the signature begins at {part.at:#x}"
        yield at, size, Anomaly("signature_code_limit_wrong", proof, INVALID)
    elif part.at - one.code_limit >= ALIGNMENT:
        left = part.at - one.code_limit
        proof = f"{label}: the code ends at {one.code_limit:#x}, {left:#x} bytes behind it are not signed"
        yield at, size, Anomaly("signature_leaves_bytes", proof, INVALID)
    pages = 1 if one.page_size is None else -(-one.code_limit // one.page_size)
    if pages != one.code_slots:
        proof = f"{label}: {one.code_slots} digests, {pages} pages"
        yield at, size, Anomaly("signature_slots_wrong", proof, INVALID)
    if one.hashes_at + one.code_slots * one.hash_size > one.blob.size:
        proof = f"{label}: {one.code_slots} digests at {one.hashes_at:#x} of {one.blob.size:#x} bytes"
        yield at, size, Anomaly("signature_slots_cut", proof, INVALID)
    known = signed.HASHES.get(one.hash_type)
    if known is None or known[2] != one.hash_size:
        proof = f"{label}: hash type {one.hash_type} of {one.hash_size} bytes"
        yield at, size, Anomaly("signature_hash_unknown", proof)


def _compared(view: View, part: Part, whole: Superblob, one: CodeDirectory) -> Iterator[Noted]:
    """Blobs whose digest is not the one in the code directory."""
    known, blobs = signed.HASHES.get(one.hash_type), whole.by_slot()
    if known is None or known[2] != one.hash_size or one.cut:
        return
    for slot in _COMPARED:
        blob = blobs.get(slot)
        if blob is None or not 8 <= blob.size == blob.present <= COMPARED_MOST:
            continue
        stored = one.special(slot)
        data = signed.blob_bytes(view, part.at, blob)
        digest = hashlib.new(known[1], data, usedforsecurity=False).digest()[: one.hash_size]
        if stored != digest:
            told = "none" if stored is None else stored.hex()
            proof = f"{signed.slot_name(one.blob.slot)}: {signed.slot_name(slot)} is {digest.hex()}, signed {told}"
            yield part.at + blob.at, blob.present, Anomaly("signature_blob_changed", proof, INVALID)
