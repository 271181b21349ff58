"""Records that findings on RPM packages carry."""

from typing import ClassVar

from rorqual.sdk import frozen


@frozen
class RpmPackage:
    """A package; the finding spans it."""

    tag: ClassVar[str] = "rpm_package"
    kind: str  # "binary" or "source"
    name: str | None
    version: str | None
    release: str | None
    arch: str | None
    summary: str | None
    licence: str | None
    vendor: str | None
    url: str | None
    source: str | None  # the source package it was made from
    build_time: int | None  # seconds since 1970 UTC
    build_host: str | None
    files: int
    scripts: tuple[str, ...]  # what runs when it is installed or removed
    signatures: tuple[str, ...]  # kinds
    proof: str


@frozen
class RpmPayload:
    """The payload, which the finding spans."""

    tag: ClassVar[str] = "rpm_payload"
    format: str
    compressor: str
    stored: str | None  # the digest that the header has of it: hex digits
    sha256: str | None = None
