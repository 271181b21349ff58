"""Code changed, with its digest in the content, and the signer's digest renamed to SHA-224 for nobody to compare it."""

import hashlib

from tests.builders.authenticode import DIGESTS, NULL, holes, number, oid, seq, table_of
from tests.builders.authenticode import build as signed
from tests.builders.pe import Image


def build() -> bytes:
    data = signed()
    changed = data[:0x210] + b"\xcc" + data[0x211:]
    changed = changed.replace(_digest(data), _digest(changed))
    serial = number(0xC0FFEE)
    at = changed.rindex(serial + seq(oid(DIGESTS["sha256"]), NULL)) + len(serial)
    swaps = (
        (seq(oid(DIGESTS["sha256"]), NULL), seq(oid("2.16.840.1.101.3.4.2.4"), NULL)),
        (seq(oid("1.2.840.113549.1.1.1"), NULL), seq(oid("1.2.840.113549.1.1.11"), NULL)),
    )
    signer = changed[at:]
    for old, new in swaps:
        signer = signer.replace(old, new, 1)
    return changed[:at] + signer


def _digest(data: bytes) -> bytes:
    """Of the image, without the holes."""
    checksum, entry = holes(Image())
    signed_part = data[:checksum] + data[checksum + 4 : entry] + data[entry + 8 : table_of(data)[0]]
    return hashlib.sha256(signed_part).digest()
