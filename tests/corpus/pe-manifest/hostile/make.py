"""A document type of bombs, tags that never end, two levels; one of 100,000 bytes; one in UTF-16 that is broken."""

from tests.builders.pe_resources import MANIFEST, Resource, image

BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]>
<assembly><description>&y;&y;&#x26;&#1114112;\x1b\xff</description></wrong>
<requestedExecutionLevel level="SYSTEM"/><requestedExecutionLevel level="asInvoker"/><never ends="
"""


def build() -> bytes:
    return image(
        [
            Resource(MANIFEST, 1, BOMB),
            Resource(MANIFEST, 2, b"<a>" * 33_000),
            Resource(MANIFEST, 3, "\ufeff<assembly>".encode("utf-16-le") + b"\x00\xd8x"),
            Resource(MANIFEST, 4, b""),
            Resource(MANIFEST, 5, b"no markup at all"),
        ]
    )
