"""Stamped after the signer's certificate had ended; the signer's certificate signed itself."""

from tests.builders.authenticode import CODE_SIGNING, SIGNER, Signing, certificate
from tests.builders.authenticode import build as signed


def build() -> bytes:
    own = certificate(SIGNER, SIGNER, serial=5, usage=CODE_SIGNING, not_after="240101000000Z")
    return signed(signing=Signing(certificates=(own,), issuer=SIGNER, serial=5, stamp="rfc3161"))
