"""The allowances of a scan, in deterministic units and never in seconds; they are part of the plan."""

from dataclasses import fields
from typing import ClassVar

from rorqual.frozen import frozen

MIB = 1 << 20
GIB = 1 << 30


@frozen
class Limits:
    """What a scan may spend. Reaching one is a finding and a ledger entry, never silence.

    Raises:
        ValueError: an allowance is below what makes sense.
    """

    fuel: int = 128 * MIB  # bytes read, steps taken and findings made by one examination
    block_fuel: int = 4 * MIB  # what each absolute 1 MiB block adds to what a probe may use, beyond one examination's
    nesting: int = 8  # probes woken by regions of probes that regions woke
    ration: int = 1024  # examinations of one probe in such a block, best prefilter scores first
    overlap: int = 8  # range digests that may cover one byte; bytes of children that are not copied, for each byte
    ranges: int = 65_536  # range digests of one source
    depth: int = 16  # levels of decoded streams below the scanned file
    extents: int = 10_000  # claimed extents of one source that gaps are told between
    children: int = 10_000  # decoded streams of one scan
    ratio: int = 200  # decoded bytes for each encoded byte, beyond the first `free_output`
    free_output: int = GIB  # decoded bytes that all streams of a scan may yield together whatever their ratio
    spool: int = 64 * GIB  # bytes of one stream kept on disk to be read again

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 0:
                raise ValueError(f"limit {field.name}: {getattr(self, field.name)} is negative")
        if self.fuel < 4096:
            raise ValueError(f"limit fuel: {self.fuel} is below 4096, which no header fits")

    def items(self) -> tuple[tuple[str, int], ...]:
        """(name, value) pairs in the order of the fields."""
        return tuple((field.name, getattr(self, field.name)) for field in fields(self))


@frozen
class LimitReached:
    """An allowance was used up; the ledger has the bytes that were not looked at for it."""

    tag: ClassVar[str] = "limit_reached"
    limit: str  # its name in the plan
    allowance: int
    dropped: int  # examinations, streams or ranges that were not made
