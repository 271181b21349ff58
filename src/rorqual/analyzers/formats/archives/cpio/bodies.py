"""Records that findings on cpio archives carry."""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen


class CpioMember(NamedTuple):
    """A member."""

    offset: int  # of its header in the source
    name: str
    type: str
    size: int  # bytes
    mode: int
    uid: int
    gid: int
    modified: int  # seconds since 1970 UTC
    link: str | None


@frozen
class CpioMembers:
    """Rows; the finding spans the members."""

    tag: ClassVar[str] = "cpio_members"
    first: int  # index of the first row
    rows: tuple[CpioMember, ...]


@frozen
class CpioArchive:
    """An archive; the finding spans it to the end of its padding."""

    tag: ClassVar[str] = "cpio_archive"
    variant: str  # "binary, little-endian", "binary, big-endian", "odc", "newc" or "crc"
    members: int
    files: int
    size: int  # bytes of all members
    oldest: int | None  # seconds since 1970 UTC
    newest: int | None
    ends: str  # how it ends
