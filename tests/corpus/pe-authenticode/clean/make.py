"""Signed with SHA-256, the root among the certificates, and an RFC 3161 time stamp."""

from tests.builders.authenticode import Signing
from tests.builders.authenticode import build as signed


def build() -> bytes:
    return signed(signing=Signing(stamp="rfc3161"))
