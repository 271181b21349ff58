"""The records that findings on the resources of a PE image carry.

`offset` counts in the source; `rva` from the image base.
"""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen


@frozen
class PEResource:
    """A resource; the finding spans its bytes in the file, or its data entry where it has none there."""

    tag: ClassVar[str] = "pe_resource"
    type: str  # winuser.h's name without RT_, the number where that has none, or a string
    type_id: int | None  # None: the type is a string
    name: str | None  # a string or a number in decimal; None: the tree ends at the type
    name_id: int | None  # None: the name is a string
    language: str | None  # the usual tag
    language_id: int | None  # as stored
    primary_language: int | None
    sublanguage: int | None
    code_page: int
    rva: int
    data_size: int  # as declared
    present: int  # bytes of it in the file
    section: int | None  # index of the section its bytes lie in
    entry_offset: int  # of its data entry
    content: str | None  # id of the format that its first bytes show
    shared: bool  # some of its bytes are also those of a leaf told before, and measured there
    entropy: float | None = None
    sha256: str | None = None


class ResourceRow(NamedTuple):
    """A resource in short; `offset` is None where the file has no byte of it."""

    type: str
    name: str | None
    language_id: int | None
    rva: int
    data_size: int
    offset: int | None


@frozen
class PEResourceRows:
    """Resources that are not told one by one, as there are too many; the finding spans the tree's first directory."""

    tag: ClassVar[str] = "pe_resource_rows"
    first: int  # index of the first row among all leaves
    rows: tuple[ResourceRow, ...]


class ResourceType(NamedTuple):
    """How many resources of a type there are, and their declared sizes together in bytes."""

    type: str
    number: int
    data_size: int


class ResourceLanguage(NamedTuple):
    """How many resources a language has."""

    language_id: int
    language: str | None
    number: int


class ResourceLie(NamedTuple):
    """How often an anomaly was met; at most the first eight are told."""

    name: str
    number: int


@frozen
class PEResources:
    """The tree as a whole; the finding spans what the file has of its directory."""

    tag: ClassVar[str] = "pe_resources"
    rva: int
    directory_size: int  # as declared
    timestamp: int  # of the first directory; compilers write 0
    directories: int
    entries: int  # rows of directories
    leaves: int
    told: int  # leaves with a finding of their own
    data_size: int  # declared sizes together, bytes
    present: int  # bytes of them in the file, shared ones counted each time
    children: int  # embedded executables and archives
    types: tuple[ResourceType, ...]  # the most frequent first, 64 at most; without a name those past the 1,024th
    number_of_types: int
    languages: tuple[ResourceLanguage, ...]  # the same
    number_of_languages: int
    anomalies: tuple[ResourceLie, ...]
