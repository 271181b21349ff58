"""MD5, SHA-1 and SHA-256, side by side in one loop of the kernels, which advances several in about the time of one MD5.

Each takes blocks of 64 bytes into a state of 4, 5 or 8 words; after the last byte follow a bit, zeros, and the size in
bits, which fill the last block (RFC 1321, section 3; FIPS 180-4, sections 5 and 6). Sizes of 2**64 bits and more, which
FIPS 180-4 does not define, are not told from smaller ones.

Where the kernels have no such loop, hashlib makes them one by one.
"""

import hashlib
from collections.abc import Iterable
from struct import Struct
from typing import Literal, Protocol

from rorqual.frozen import frozen
from rorqual.kernels import FUSED, digest_blocks
from rorqual.oracles import Bytes

__all__ = ["CHAINS", "BlockDigest", "Hasher", "advance", "new"]

BLOCK = 64  # bytes


class Hasher(Protocol):
    """What all of hashlib's and blake3's objects have, and ours."""

    def update(self, data: Bytes, /) -> object: ...

    def hexdigest(self) -> str: ...


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


CHAINS = {
    "md5": Chain("little", (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)),  # RFC 1321, section 3.3
    "sha1": Chain("big", (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)),  # FIPS 180-4, section 5.3.1
    "sha256": Chain(  # FIPS 180-4, section 5.3.3
        "big",
        (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19),
    ),
}


class BlockDigest:
    """One of CHAINS under way, with hashlib's manners."""

    __slots__ = ("_chain", "_rest", "_state", "size")

    def __init__(self, algorithm: str) -> None:
        self._chain = CHAINS[algorithm]
        self._state = self._chain.state()
        self._rest = b""  # the beginning of a block
        self.size = 0  # bytes taken in

    def update(self, data: Bytes, /) -> None:
        """Takes in what follows."""
        advance([(self, data)])

    def hexdigest(self) -> str:
        """The digest of all so far."""
        state = bytearray(self._state)
        digest_blocks([(state, self._rest + self._chain.padding(self.size))])
        return self._chain.value(state)

    def take(self, data: memoryview) -> tuple[bytes, memoryview]:
        """Counts in what follows, and says which blocks it comes to: one that it fills up, and those that it holds."""
        self.size += len(data)
        lead = -len(self._rest) % BLOCK
        if len(data) < lead:
            self._rest += bytes(data)
            return b"", data[:0]
        end = len(data) - (len(data) - lead) % BLOCK
        seam = self._rest + bytes(data[:lead])
        self._rest = bytes(data[end:])
        return seam, data[lead:end]


def advance(parts: Iterable[tuple[BlockDigest, Bytes]]) -> None:
    """Each digest takes in its own bytes, all in one loop; none is given twice."""
    seams: list[tuple[bytearray, Bytes]] = []
    wholes: list[tuple[bytearray, Bytes]] = []
    for digest, data in parts:
        seam, whole = digest.take(memoryview(data))
        if seam:
            seams.append((digest._state, seam))
        if whole:
            wholes.append((digest._state, whole))
    for blocks in (seams, wholes):
        if blocks:
            digest_blocks(blocks)


def new(algorithm: str) -> Hasher:
    """The digest of that name, as `hashlib.new`; a BlockDigest where there can be one."""
    if FUSED and algorithm in CHAINS:
        return BlockDigest(algorithm)
    return hashlib.new(algorithm, usedforsecurity=False)
