"""Entries whose DER is an attack: nested ten thousand deep, a table of empty values, signers without end."""

import struct

from tests.builders.authenticode import build as signed
from tests.builders.authenticode import oid, seq, sets, tlv, with_table


def _entry(content: bytes) -> bytes:
    entry = struct.pack("<IHH", 8 + len(content), 0x200, 2) + content
    return entry + bytes(-len(entry) % 8)


def _signed_data(*fields: bytes) -> bytes:
    return seq(oid("1.2.840.113549.1.7.2"), tlv(0xA0, seq(tlv(2, b"\1"), sets(), *fields)))


def build() -> bytes:
    deep = b""
    for _ in range(3000):
        deep = seq(deep)
    content = seq(oid("1.3.6.1.4.1.311.2.1.4"), tlv(0xA0, deep))
    empty = _signed_data(content, tlv(0xA0, b"\x30\0" * 500), sets(b"\x30\0" * 500))
    signers = _signed_data(content, sets(seq(b"\2\1\1", seq(), seq(), seq(), b"\4\0")))
    return with_table(signed(), _entry(deep) + _entry(empty) + _entry(signers) + _entry(b"\x30\x80" + bytes(30)))
