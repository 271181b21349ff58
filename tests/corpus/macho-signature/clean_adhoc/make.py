"""An ad-hoc signature with hardened runtime and entitlements."""

from tests.builders.macho import Program
from tests.builders.macho import build as program

PLIST = b'<?xml version="1.0"?><plist><dict><key>com.apple.security.cs.allow-jit</key><true/></dict></plist>'


def build() -> bytes:
    return program(Program(entitlements=PLIST, signature_flags=0x1_0002))
