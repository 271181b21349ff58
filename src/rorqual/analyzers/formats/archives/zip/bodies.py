"""Records that findings on ZIP archives carry."""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen

COMMENT_SHOWN = 1024  # characters of the archive's comment
NAME_SHOWN = 512  # characters of a member's name
NOTE_SHOWN = 256  # characters of a member's comment


class ZipMember(NamedTuple):
    """A member, as the central directory has it, or where that is missing its local header."""

    offset: int  # of the local header in the source
    name: str
    method: str
    packed: int  # bytes
    size: int  # bytes, decoded
    crc32: int
    modified: str | None  # local time of the writer; None: no date
    encryption: str | None
    mode: int | None  # of Unix, where the writer's system has such
    comment: str | None


@frozen
class ZipMembers:
    """Rows in the directory's order; the finding spans their entries."""

    tag: ClassVar[str] = "zip_members"
    first: int  # index of the first row
    rows: tuple[ZipMember, ...]


@frozen
class ZipArchive:
    """An archive whose directory was found. The finding spans it from the first local header to the comment's end."""

    tag: ClassVar[str] = "zip_archive"
    flavour: str  # a format id: what is built on ZIP here, or "zip"
    entries: int  # of the directory
    declared: int  # what the end record says
    files: int  # entries that are no folders
    packed: int  # bytes of all members
    size: int  # bytes of all members, decoded
    methods: tuple[str, ...]
    encryption: tuple[str, ...]
    offsets: str  # what the directory's offsets count from: "source" or "archive"
    base: int  # the offset in the source that they count from
    prefix: int  # bytes of the source before the first local header
    directory: int  # its offset in the source
    zip64: bool
    comment: str | None
    writer: str  # system and version of the first entry's writer
    oldest: str | None
    newest: str | None
    signing: tuple[str, ...]  # schemes of an Android signing block
    contradictions: int  # between directory, local headers and descriptors
    complete: bool  # whether all entries were told


@frozen
class ZipFragment:
    """The beginning of an archive that has no end record. The finding spans what was recognised."""

    tag: ClassVar[str] = "zip_fragment"
    members: int
    ends: str  # where it breaks off
    proof: str
