"""MD5, SHA-1 and SHA-256 of the whole source where the engine can advance them together, see rorqual.digests."""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.sdk import BlockDigest, Digest, Finding, Place, Window


class BlockDigestFold:
    """One of the three."""

    version = 1
    sequential: ClassVar[bool] = True

    def __init__(self, algorithm: str) -> None:
        self.name = f"digest-{algorithm}"
        self._algorithm = algorithm
        self._digest = BlockDigest(algorithm)

    @property
    def digest(self) -> BlockDigest:
        """What the engine advances in place of `feed`."""
        return self._digest

    def fresh(self) -> "BlockDigestFold":
        return BlockDigestFold(self._algorithm)

    def feed(self, window: Window, /) -> None:
        self._digest.update(window.data)

    def merge(self, later: "BlockDigestFold", /) -> None:
        raise TypeError(f"{self.name}: a digest cannot be merged")

    def drain(self, place: Place, /) -> Iterator[Finding]:
        return iter(())

    def finish(self, place: Place, /) -> Iterator[Finding]:
        digest = self._digest
        yield Finding(place, 0, digest.size, self.name, Digest(self._algorithm, digest.hexdigest()))
