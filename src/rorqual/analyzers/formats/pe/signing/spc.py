"""What Authenticode puts into SignedData: the file's digest, page hashes, program name and link.

https://download.microsoft.com/download/9/c/5/9c5b2167-8017-4bae-9fde-d599bac8184a/Authenticode_PE.docx
Images of Java classes, catalogs and scripts have contents of other types, which are Malformed here.
"""

from typing import NamedTuple

from rorqual.analyzers.formats.der import OCTET_STRING, SEQUENCE, Value, context, primitive, printable
from rorqual.analyzers.formats.pe.signing.signed_data import SignedData
from rorqual.analyzers.formats.x509 import oids
from rorqual.sdk import Malformed

_PAGE_HASHES = bytes.fromhex("a6b586d5b4a12466ae05a217da8e60d6")  # class of the serialized object
_PAGE_OFFSET = 4  # bytes before each hash


class Content(NamedTuple):
    """SpcIndirectDataContent."""

    digest_algorithm: str
    digest: bytes
    page_hashes: str | None
    page_hash_count: int


def read_content(signed: SignedData) -> Content:
    """What was signed.

    Raises:
        Malformed: it is not the digest of a file.
    """
    if signed.content_type != oids.SPC_INDIRECT_DATA or signed.content is None:
        raise Malformed(signed.value.offset, f"SpcIndirectDataContent, found {signed.content_type}")
    content = signed.content if signed.content.tag == SEQUENCE else signed.content.tagged(OCTET_STRING).only()
    described, info = content.parts(2)[:2]
    algorithm, digest = info.parts(2)[:2]
    name = oids.digest_name(algorithm.parts(1)[0].oid())
    pages, count = _page_hashes(described)
    return Content(name, digest.tagged(OCTET_STRING).content, pages, count)


def read_program(opus: Value) -> tuple[str | None, str | None]:
    """Program name and link of an SpcSpOpusInfo.

    Raises:
        Malformed: it is none.
    """
    name, link = None, None
    for field in opus.parts(0):
        if field.tag == context(0):
            name = _string(field.only())
        elif field.tag == context(1):
            target = field.only()
            if target.tag == primitive(0):
                link = printable(target.content, "utf-8")
            elif target.tag == context(2):
                link = _string(target.only())
    return name, link


def _string(value: Value) -> str:
    """SpcString: [0] UTF-16 or [1] ASCII, in whose place some write UTF-8."""
    return printable(value.content, "utf-16-be" if value.tag == primitive(0) else "utf-8")


def _page_hashes(described: Value) -> tuple[str | None, int]:
    """SpcAttributeTypeAndOptionalValue: SpcPeImageData, which may hold a serialized object with hashes of pages."""
    parts = described.parts(1)
    image = parts[1].tagged(SEQUENCE).children() if len(parts) > 1 and parts[1].tag == SEQUENCE else []
    files = [field.only() for field in image if field.tag == context(0)]
    if not files or files[0].tag != context(1):
        return None, 0
    fields = files[0].children()
    if len(fields) < 2 or fields[0].content != _PAGE_HASHES:
        return None, 0
    for attribute in fields[1].tagged(OCTET_STRING).only().children():
        kind, values = attribute.parts(2)[:2]
        if kind.oid() in oids.PAGE_HASHES:
            name, size = oids.PAGE_HASHES[kind.oid()]
            content = values.only().tagged(OCTET_STRING).content
            return name, len(content) // (_PAGE_OFFSET + size)
    return None, 0
