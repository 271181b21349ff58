"""The records that findings on Mach-O headers carry.

Addresses are those of the file as it would be loaded without sliding; `…_offset` and `offset` of a row count in the
source, so that they hold for a file in something bigger; versions are as text.
"""

from typing import ClassVar, NamedTuple

from rorqual.sdk import frozen

ROWS = 256  # rows of a table in one body


class MachOCommandCount(NamedTuple):
    """How many load commands there are of a kind."""

    name: str
    times: int


class MachOTool(NamedTuple):
    """What a file was built with."""

    name: str
    version: str


class MachOBuildVersion(NamedTuple):
    """What system a file is for (LC_BUILD_VERSION, LC_VERSION_MIN_…)."""

    platform: str
    minimum_os: str
    sdk: str
    tools: tuple[MachOTool, ...]


@frozen
class MachOImage:
    """The file header and what the load commands say of the whole; the finding spans the file without its overlay."""

    tag: ClassVar[str] = "macho_image"
    format: str  # "Mach-O 64" or "Mach-O 32"
    byte_order: str  # little or big
    type: str
    cpu: str
    cpu_subtype: str
    cpu_capabilities: tuple[str, ...]
    cpu_number: int
    cpu_subtype_number: int
    flags: int
    flag_names: tuple[str, ...]
    number_of_commands: int  # as the header has it
    size_of_commands: int
    commands: tuple[MachOCommandCount, ...]  # in the order of their first
    number_of_segments: int
    number_of_sections: int
    image_base: int | None  # where the header would be loaded
    entry_command: str | None  # MAIN, UNIXTHREAD or THREAD
    entry_point: int | None
    entry_point_offset: int | None  # None: no byte of the file is mapped there
    entry_point_segment: str | None
    entry_point_section: str | None
    entry_point_bytes: bytes  # the first of what is there
    stack_size: int | None  # of the first thread; 0 is the system's default
    uuid: str | None
    builds: tuple[MachOBuildVersion, ...]
    source_version: str | None
    dylinker: str | None
    target: str | None  # LC_TARGET_TRIPLE
    size: int  # as the headers declare it
    present: int  # bytes of it that are there


@frozen
class MachOSegment:
    """A segment; the finding spans its bytes in the file, or its load command where it has none."""

    tag: ClassVar[str] = "macho_segment"
    index: int
    name: str  # what is not printable ASCII as \xNN
    address: int
    memory_size: int
    offset: int  # as stored, from the file header's start
    file_size: int
    present: int  # bytes of it in the file
    protection: str  # at the start, as in "r-x"
    max_protection: str
    number_of_sections: int  # as stored
    flags: tuple[str, ...]
    encrypted: bool  # under Apple's protection of binaries: its bytes beyond the first three pages are opaque
    command_offset: int
    entropy: float | None = None
    sha256: str | None = None


@frozen
class MachOSection:
    """A section; the finding spans its bytes in the file, or its row where it has none."""

    tag: ClassVar[str] = "macho_section"
    index: int  # from 1, as symbols count
    name: str
    segment: str
    address: int
    declared_size: int
    offset: int  # as stored, from the file header's start
    present: int  # bytes of it in the file
    alignment: int  # bytes
    type: str
    attributes: tuple[str, ...]
    relocations_offset: int
    number_of_relocations: int
    reserved: tuple[int, int, int]  # by type: the first indirect symbol, the size of a stub
    row_offset: int
    anomalies: tuple[str, ...]
    entropy: float | None = None
    sha256: str | None = None


class MachODataRow(NamedTuple):
    """Data that a load command points at."""

    name: str
    command: int  # index of the command
    offset: int
    size: int  # as declared
    present: int  # bytes of it that are there


@frozen
class MachOData:
    """What lies outside sections: symbols, strings, the loader's tables, the signature; the finding spans it all."""

    tag: ClassVar[str] = "macho_data"
    first: int
    rows: tuple[MachODataRow, ...]


@frozen
class MachOEncryption:
    """LC_ENCRYPTION_INFO; the finding spans the range, or the command where nothing of it is there.

    What is encrypted is opaque: entropy, digests, code and strings of it say nothing of the program.
    """

    tag: ClassVar[str] = "macho_encryption"
    encrypted: bool
    cryptid: int  # 0: not encrypted (yet)
    offset: int
    declared_size: int
    command_offset: int


class MachOFilesetEntry(NamedTuple):
    """A Mach-O file in a kernel collection. Its own offsets count from the collection's start."""

    name: str
    address: int
    offset: int


@frozen
class MachOFileset:
    """The files in a kernel collection; the finding spans the load commands."""

    tag: ClassVar[str] = "macho_fileset"
    first: int
    rows: tuple[MachOFilesetEntry, ...]


@frozen
class MachOOverlay:
    """What follows the last byte that a header accounts for, up to the end of the source."""

    tag: ClassVar[str] = "macho_overlay"
    entropy: float | None = None
    sha256: str | None = None
