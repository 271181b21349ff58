"""PKCS #7 and CMS in DER: signed, enveloped, encrypted and other messages.

RFC 2315 and RFC 5652. Signers and certificates are counted; certificates have a probe of their own, and signatures of
programs are checked where these are read. Messages in BER with indefinite lengths are not handled.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.der import OCTET_STRING, SEQUENCE, SET, Value, context, primitive
from rorqual.analyzers.formats.keys import PKCS7
from rorqual.analyzers.formats.keys.der_probe import check, enclosed, whole
from rorqual.sdk import Closed, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

KINDS = {1: "data", 2: "signed", 3: "enveloped", 4: "signed_and_enveloped", 5: "digested", 6: "encrypted"}
PREFIX = "1.2.840.113549.1.7."
CONTENTS = {
    "1.3.6.1.4.1.311.2.1.4": "authenticode", "1.3.6.1.4.1.311.10.1": "certificate_trust_list",
    "1.2.840.113549.1.9.16.1.4": "time_stamp",
}  # fmt: skip


@frozen
class CMSMessage:
    """A message. The finding spans it."""

    tag: ClassVar[str] = "cms_message"
    kind: str
    content: str | None  # what is signed
    certificates: int
    revocation_lists: int
    signers: int
    recipients: int
    content_size: int | None  # bytes; None: it is elsewhere


class PKCS7Probe:
    """Finds messages anywhere."""

    name = "pkcs7"
    version = 1
    wakes_on = PKCS7

    def score(self, view: View, /) -> int:
        """The anchors are proof enough for a look."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        value = whole(hit.view)
        check(value)
        kind, content = value.parts(2)[:2]
        number = int(kind.oid().removeprefix(PREFIX))
        if number not in KINDS or (number != 1 and enclosed(hit.view, value.size)):
            raise Malformed(hit.offset, "a message that is no part of another structure")
        if number == 1 and enclosed(hit.view, value.size):
            raise Malformed(hit.offset, "data that is no part of another structure")
        inner = content.tagged(context(0)).only()
        fields = inner.children() if inner.tag == SEQUENCE else []
        told = _content(fields)
        certificates = _count(fields, context(0)) if number in (2, 4) else 0
        body = CMSMessage(
            kind=KINDS[number],
            content=told[0],
            certificates=certificates,
            revocation_lists=_count(fields, context(1)) if number in (2, 4) else 0,
            signers=len(fields[-1].children()) if number in (2, 4) and fields[-1].tag == SET else 0,
            recipients=_count(fields, SET) if number in (3, 4) else 0,
            content_size=told[1].end - told[1].start if told[1] is not None else None,
        )
        yield hit.finding(0, value.size, body)
        yield Extent(0, value.size, "pkcs7", "all values parse")
        data = told[1]
        if data is not None and data.end > data.start:
            if number in (3, 4, 6):
                yield Closed(data.start, data.end - data.start, "encrypted message")
            elif data.tag == OCTET_STRING:
                yield Region(data.start, data.end - data.start, "cms-content", Codec("cms", None))


def _count(fields: list[Value], tag: int) -> int:
    found = next((one for one in fields if one.tag == tag), None)
    return len(found.children()) if found is not None else 0


def _content(fields: list[Value]) -> tuple[str | None, Value | None]:
    """What the message is about, and the value that holds it."""
    for one in fields:
        if one.tag != SEQUENCE or one.start == one.end:
            continue
        parts = one.children()
        if parts[0].tag != 0x06:
            continue
        oid = parts[0].oid()
        name = CONTENTS.get(oid, oid)
        if oid.startswith(PREFIX) and oid.removeprefix(PREFIX).isdigit():
            name = KINDS.get(int(oid.removeprefix(PREFIX)), oid)
        last = parts[-1]
        if last.tag == context(0) and last.end > last.start:
            return name, last.only()
        return name, last if last.tag == primitive(0) else None
    return None, None
