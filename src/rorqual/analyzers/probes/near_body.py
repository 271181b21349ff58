"""What is said of a format that lacks its first bytes: apart from the probe, which few scans load."""

from typing import ClassVar

from rorqual.sdk import frozen


@frozen
class NearFormat:
    """The finding's bytes are of a format but for the first few, which would have to be these."""

    tag: ClassVar[str] = "near_format"
    format: str
    restored: bytes  # in place of what stands `at`
    at: int
    proof: str
