"""The file ends inside the certificate table."""

from tests.builders.authenticode import Signing
from tests.builders.authenticode import build as signed


def build() -> bytes:
    return signed(signing=Signing(stamp="rfc3161"))[:-700]
