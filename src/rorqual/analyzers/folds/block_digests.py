"""MD5, SHA-1 and SHA-256 of the whole source by the kernel, which advances all of them in about the time of MD5.

Each takes blocks of 64 bytes into a state of 4, 5 or 8 words; after the last byte follow a bit, zeros, and the size in
bits, which fill the last block (RFC 1321, section 3; FIPS 180-4, sections 5 and 6). Sizes of 2**64 bits and more, which
FIPS 180-4 does not define, are not told from smaller ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from struct import Struct
from typing import ClassVar, Literal

from rorqual.sdk import Digest, Finding, Place, Window, digest_blocks, frozen

BLOCK = 64  # bytes


@frozen
class Chain:
    """What a digest begins with, and the order of the bytes of all its numbers."""

    order: Literal["little", "big"]
    start: tuple[int, ...]  # words of 32 bits

    def state(self) -> bytearray:
        """The beginning as the kernel has it: in the machine's order."""
        return bytearray(Struct(f"={len(self.start)}I").pack(*self.start))

    def value(self, state: bytearray) -> str:
        """The digest that a state comes to."""
        words = f"{len(self.start)}I"
        own = "<" if self.order == "little" else ">"
        return Struct(own + words).pack(*Struct("=" + words).unpack(state)).hex()

    def padding(self, size: int) -> bytes:
        """What follows the last of `size` bytes."""
        bits = 8 * size % (1 << 64)
        return b"\x80" + bytes(-(size + 9) % BLOCK) + bits.to_bytes(8, self.order)


CHAINS = {  # in the order of the kernel's arguments
    "md5": Chain("little", (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)),  # RFC 1321, section 3.3
    "sha1": Chain("big", (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)),  # FIPS 180-4, section 5.3.1
    "sha256": Chain(  # FIPS 180-4, section 5.3.3
        "big",
        (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19),
    ),
}


class BlockDigestFold:
    """One of the three: a fold of its own, fed along with the others of its plan."""

    version = 1
    sequential: ClassVar[bool] = True

    def __init__(self, algorithm: str) -> None:
        self.name = f"digest-{algorithm}"
        self._algorithm = algorithm
        self._chain = CHAINS[algorithm]
        self._state = self._chain.state()
        self._rest = b""  # the beginning of a block
        self._size = 0

    def fresh(self) -> "BlockDigestFold":
        return BlockDigestFold(self._algorithm)

    @staticmethod
    def together(folds: "Sequence[BlockDigestFold]", window: Window, /) -> None:
        """Feeds folds of different digests, which have been fed the same so far."""
        if len({(fold._size, fold._rest) for fold in folds}) > 1:
            raise ValueError("digests fed together have not been fed the same")
        rest = _advance({fold._algorithm: fold._state for fold in folds}, folds[0]._rest, window.data)
        for fold in folds:
            fold._rest = rest
            fold._size += len(window.data)

    def feed(self, window: Window, /) -> None:
        self.together([self], window)

    def merge(self, later: "BlockDigestFold", /) -> None:
        raise TypeError(f"{self.name}: a digest cannot be merged")

    def drain(self, place: Place, /) -> Iterator[Finding]:
        return iter(())

    def finish(self, place: Place, /) -> Iterator[Finding]:
        state = bytearray(self._state)
        _advance({self._algorithm: state}, self._rest, memoryview(self._chain.padding(self._size)))
        yield Finding(place, 0, self._size, self.name, Digest(self._algorithm, self._chain.value(state)))


def _advance(states: Mapping[str, bytearray], rest: bytes, data: memoryview) -> bytes:
    """Takes in `data` after `rest`, which is less than a block, and gives the new rest; only seams are copied."""
    lead = -len(rest) % BLOCK
    if len(data) < lead:
        return rest + bytes(data)
    md5, sha1, sha256 = (states.get(algorithm) for algorithm in CHAINS)
    if lead:
        digest_blocks(rest + bytes(data[:lead]), md5, sha1, sha256)
    end = len(data) - (len(data) - lead) % BLOCK
    digest_blocks(data[lead:end], md5, sha1, sha256)
    return bytes(data[end:])
