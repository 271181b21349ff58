"""Signed twice: with SHA-1 and a PKCS #9 countersignature, and inside that with SHA-256; the root is not there."""

from tests.builders.authenticode import SIGNER_CERTIFICATE, STAMPER_CERTIFICATE, Signing
from tests.builders.authenticode import build as signed
from tests.builders.pe import Image


def build() -> bytes:
    certificates = (SIGNER_CERTIFICATE, STAMPER_CERTIFICATE)
    outer = Signing(digest="sha1", stamp="pkcs9", certificates=certificates)
    return signed(Image(plus=True, overlay=b"setup data; " * 50), outer, nested=Signing(stamp="rfc3161"))
