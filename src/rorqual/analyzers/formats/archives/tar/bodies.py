"""Records that findings on tar archives carry."""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen


class TarMember(NamedTuple):
    """A member."""

    offset: int  # of its first header in the source
    name: str
    type: str
    size: int  # bytes
    mode: int
    owner: str
    group: str
    modified: int  # seconds since 1970 UTC
    link: str | None


@frozen
class TarMembers:
    """Rows; the finding spans the members."""

    tag: ClassVar[str] = "tar_members"
    first: int  # index of the first row
    rows: tuple[TarMember, ...]


@frozen
class TarArchive:
    """An archive; the finding spans it to the end of its padding."""

    tag: ClassVar[str] = "tar_archive"
    variant: str  # "v7", "ustar", "gnu", "pax" or "star"
    members: int
    files: int
    size: int  # bytes of their contents
    oldest: int | None  # seconds since 1970 UTC
    newest: int | None
    owners: tuple[str, ...]  # the first few
    comment: str | None  # of a global pax header
    ends: str  # how it ends
    complete: bool  # whether all members were told
