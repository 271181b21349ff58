"""Records that findings on LHA archives carry."""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen


class LhaMember(NamedTuple):
    """A member."""

    offset: int  # of its header in the source
    name: str
    method: str
    packed: int  # bytes
    size: int  # bytes, decoded
    crc16: int | None
    modified: str | None  # local time of levels 0 and 1, UTC of the others


@frozen
class LhaMembers:
    """Rows; the finding spans the members."""

    tag: ClassVar[str] = "lha_members"
    first: int  # index of the first row
    rows: tuple[LhaMember, ...]


@frozen
class LhaArchive:
    """An archive; the finding spans it with the zero that ends it."""

    tag: ClassVar[str] = "lha_archive"
    level: int  # of the first header
    system: str | None  # of the first member's writer
    members: int
    packed: int  # bytes of all members
    size: int  # bytes of all members, decoded
    methods: tuple[str, ...]
    ends: str  # how it ends
