"""The records that findings on RAR archives carry."""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen


class RarMember(NamedTuple):
    """A member as its header tells of it."""

    name: str
    size: int | None  # bytes unpacked
    packed: int  # bytes
    method: str  # "stored", "fastest" … "best", or "directory", "link"
    modified: str | None  # ISO 8601
    crc32: int | None
    encrypted: bool
    target: str | None  # of a link


@frozen
class RarMembers:
    """Rows of members, 256 to a finding, which spans their headers."""

    tag: ClassVar[str] = "rar_members"
    first: int  # index of the first row
    rows: tuple[RarMember, ...]


@frozen
class RarArchive:
    """An archive or a volume of one; the finding has its size as far as its blocks lead."""

    tag: ClassVar[str] = "rar_archive"
    version: str  # "4" (1.5 to 4.x) or "5"
    members: int
    solid: bool
    locked: bool
    encrypted: str | None  # "headers", "members" or None
    password: str | None  # the one that holds, where the archive says so
    volume: int | None  # from 0; None: a single file
    more_volumes: bool
    recovery: bool  # there is a recovery record
    comment: str | None
    ended: bool  # the block that ends an archive is there
