"""The records of filler and of what is left without it. Offsets count in the source unless said otherwise."""

from typing import ClassVar

from rorqual.sdk import frozen

VARIED = "varied-block"
ZERO, CONSTANT, PERIOD, BLOCK, LOW_ENTROPY, RANDOM = "zero", "constant", "period", "block", "low-entropy", "random"
OVERLAY, SECTION_END, SECTION, SLACK, BETWEEN = "overlay", "section-end", "section", "slack", "between"
RESOURCE = "resource"

LEAST = 10 << 20  # bytes of padding in all: nobody's limit is passed with less
SHARE = 0.5  # of the source that must be padding


@frozen
class Filler:
    """The finding's bytes are filler.

    `filler` is "zero", "constant" (another byte), "period" (2 to 64 bytes), "block" (a longer period), "varied-block"
    (one whose copies differ in places), "low-entropy" or "random" (drawn from one distribution throughout). `where`
    in an image: "overlay", "section-end", "section", "slack" (of a section, behind what is mapped), "resource" or
    "between" (outside headers and sections).
    """

    tag: ClassVar[str] = "filler"
    filler: str
    where: str | None  # None: no image whose layout is known
    section: int | None  # index of the section
    period: int | None  # bytes; None of what is drawn
    unit: str | None  # hex of the first 16 bytes of the period, as they stand at the finding's offset
    exact: bool  # whether the borders are proven to the byte; else they are the likeliest


@frozen
class FillerLimits:
    """What was spotted and not looked at to the end, since a limit was reached. The finding spans the source."""

    tag: ClassVar[str] = "filler_limits"
    dropped: int  # runs and repeated blocks beyond the first that are kept, which nothing tells of
    drawn: int  # stretches of drawn bytes beyond the first that are looked at, likewise
    unrefined: int  # repeated blocks told only as far as they were proven: the fuel did not reach for their borders


@frozen
class Kept:
    """A stretch of the source that the core is made of, or that is kept beside it."""

    offset: int
    size: int
    format: str | None = None  # what it begins as, beside the core


@frozen
class Patch:
    """Bytes of the core that are not those of the source: header fields."""

    at: int  # in the core
    data: bytes


@frozen
class Core:
    """The file without its filler: `ranges` of the source one after the other, then `patches` over that.

    Without patches it is a part of the source as it stands: where filler was appended, the file that was filled up.
    With patches it is an image that loads as the whole does, with zeros where the filler was: sections are cut at
    their ends, or in two where the filler lies inside, at the same addresses; SizeOfRawData, PointerToRawData,
    VirtualSize, NumberOfSections, the places of symbols, certificates and debug data follow, and CheckSum is 0.
    A signature does not hold over such a core. The finding spans the source.
    """

    tag: ClassVar[str] = "core"
    size: int
    filler: int  # bytes left out
    ranges: tuple[Kept, ...]
    patches: tuple[Patch, ...]
    beside: tuple[Kept, ...]  # what lies behind the first filler of the overlay and is none
    left: int  # bytes of filler that stay in: what alignment keeps, and all of a section that cannot be parted
    md5: str | None = None  # None: a core with patches that is too large to be read again, above some 64 MiB
    sha1: str | None = None
    sha256: str | None = None
