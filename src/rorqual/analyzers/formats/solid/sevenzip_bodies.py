"""The records that findings on 7z archives carry."""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen


class SevenZipMember(NamedTuple):
    """A member as the database tells of it."""

    name: str
    size: int
    modified: str | None  # ISO 8601
    crc32: int | None
    attributes: int | None  # of Windows; those of Unix in the upper 16 bits
    kind: str  # "file", "directory" or "anti"


@frozen
class SevenZipMembers:
    """Rows of members, 256 to a finding, which spans the database."""

    tag: ClassVar[str] = "sevenzip_members"
    first: int
    rows: tuple[SevenZipMember, ...]


@frozen
class SevenZipArchive:
    """An archive; the finding has the size that its first header tells."""

    tag: ClassVar[str] = "sevenzip_archive"
    version: str
    members: int | None  # None: the database is closed
    folders: int
    methods: tuple[str, ...]
    solid: bool
    header: str  # "plain", "packed" or "encrypted"
    encrypted: bool
    password: str | None
    size: int  # bytes of all members
