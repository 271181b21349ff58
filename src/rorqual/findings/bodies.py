"""Bodies that all share: type, digests, claims, room, anomalies and verdicts. All others belong to their analyzer."""

from typing import ClassVar

from rorqual.frozen import frozen


@frozen
class FileType:
    """What a source is, from its content."""

    tag: ClassVar[str] = "file_type"
    format: str  # id in the table of formats
    mime: str
    extension: str  # the usual one, without the dot; empty where there is none
    description: str
    confidence: float  # 0 to 1
    encoding: str | None = None  # of text: an IANA name


@frozen
class Digest:
    """A digest of a whole source."""

    tag: ClassVar[str] = "digest"
    algorithm: str
    value: str


@frozen
class Anomaly:
    """Something in a structure that no honest tool writes, or that loaders and tools read differently.

    The finding spans the bytes that prove it; the analyzer tells which format it is about. `attack` and `mbc` name
    the techniques (ATT&CK) and behaviours (Malware Behavior Catalog) it is known from, where it is.
    """

    tag: ClassVar[str] = "anomaly"
    name: str  # stable, lower case, words parted by underscores
    proof: str  # the values that prove it
    attack: tuple[str, ...] = ()
    mbc: tuple[str, ...] = ()


@frozen
class Claim:
    """A format occupies the finding's bytes, and something proves it; a source may be claimed by several."""

    tag: ClassVar[str] = "claim"
    format: str  # id in the table of formats
    proof: str  # what was checked
    accepts_at: str  # where its readers look for its start: "start", "within N", "fixed N", "end" or "anywhere"


@frozen
class Gap:
    """Bytes outside all claims, in a source that a format claims from its start or to its end."""

    tag: ClassVar[str] = "gap"
    after: str | None  # the format that ends where the gap begins; None at the start of the source
    before: str | None  # the format that begins where it ends; None at the end


@frozen
class Room:
    """Bytes inside a format that its readers pass over, where anything may stand: a comment, metadata, unused space."""

    tag: ClassVar[str] = "room"
    format: str  # that has the room
    use: str  # "comment", "metadata", "unused", "preamble", "private" …: what the room is for


@frozen
class Verdict:
    """An opinion and the facts it rests on."""

    tag: ClassVar[str] = "verdict"
    kind: str
    confidence: float  # 0 to 1
    summary: str
    rests_on: tuple[str, ...]  # ids of findings
    attack: tuple[str, ...] = ()  # ATT&CK techniques
    formats: tuple[str, ...] = ()
    technique: str | None = None


@frozen
class Summary:
    """What the judges of a source learn of a stream decoded at the finding's offset."""

    tag: ClassVar[str] = "child"
    size: int  # bytes, decoded
    format: str | None
    verdicts: tuple[str, ...]  # kinds
    via: str  # the codec
    part: bool = False  # whether it is made of the bytes as they are, from the finding's offset on
