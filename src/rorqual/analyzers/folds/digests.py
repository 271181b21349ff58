"""Digests of the whole source. MD5, SHA-1 and SHA-256 always; the others by option.

Cryptographic digests chain block to block and cannot be split (RFC 1321, FIPS 180-4); CRC-32 could, but rides along
as the others do. TLSH (Oliver, Cheng, Chen: TLSH, a locality sensitive hash, 2013) takes a stream since its state is
a histogram of triplets; ssdeep (Kornblum: Identifying almost identical files using context triggered piecewise
hashing, 2006) since its library keeps every block size that can still win.

Where there is a kernel for MD5, SHA-1 and SHA-256, they are those of block_digests.py.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from typing import ClassVar, Protocol

from rorqual.analyzers.folds.block_digests import BlockDigestFold
from rorqual.sdk import FUSED, Bytes, Digest, Finding, Hasher, Place, Window

ALWAYS = ("md5", "sha1", "sha256")
OPTIONAL = ("blake3", "crc32", "sha512", "ssdeep", "tlsh")


class DigestFold:
    """One digest of the whole source, as one fold: each is faulted, timed and scheduled by itself."""

    version = 1
    sequential: ClassVar[bool] = True

    def __init__(self, algorithm: str, make: Callable[[], Hasher]) -> None:
        self.name = f"digest-{algorithm}"
        self._algorithm = algorithm
        self._make = make
        self._hasher = make()
        self._size = 0

    def fresh(self) -> "DigestFold":
        return DigestFold(self._algorithm, self._make)

    def feed(self, window: Window, /) -> None:
        self._hasher.update(window.data)
        self._size += len(window.data)

    def merge(self, later: "DigestFold", /) -> None:
        raise TypeError(f"{self.name}: a digest cannot be merged")

    def drain(self, place: Place, /) -> Iterator[Finding]:
        return iter(())

    def finish(self, place: Place, /) -> Iterator[Finding]:
        value = self._hasher.hexdigest()
        if value:
            yield Finding(place, 0, self._size, self.name, Digest(self._algorithm, value))


class _Crc32:
    """CRC-32 as in ITU-T V.42 and zlib, with hashlib's manners."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, data: Bytes, /) -> None:
        self._value = zlib.crc32(data, self._value)

    def hexdigest(self) -> str:
        return f"{self._value:08x}"


def digest(algorithm: str) -> DigestFold | BlockDigestFold:
    """The fold of one digest.

    Raises:
        ValueError: no digest has that name.
        ImportError: its library is not installed; the message names the extra.
    """
    if FUSED and algorithm in ALWAYS:
        return BlockDigestFold(algorithm)
    return DigestFold(algorithm, _maker(algorithm))


def _maker(algorithm: str) -> Callable[[], Hasher]:
    match algorithm:
        case "md5" | "sha1" | "sha256" | "sha512":
            return lambda: hashlib.new(algorithm, usedforsecurity=False)
        case "crc32":
            return _Crc32
        case "blake3":
            try:
                import blake3  # noqa: PLC0415 - an extra
            except ImportError as error:
                raise ImportError("digest blake3: install the extra, rorqual[digests]") from error
            make: Callable[[], Hasher] = blake3.blake3
            return make
        case "ssdeep":
            try:
                import ssdeep  # noqa: PLC0415 - an extra
            except ImportError as error:
                raise ImportError("digest ssdeep: install the extra, rorqual[similarity]") from error
            return lambda: _Ssdeep(ssdeep.Hash())  # type: ignore[no-untyped-call]  # ships no types
        case "tlsh":
            try:
                import tlsh  # noqa: PLC0415 - an extra
            except ImportError as error:
                raise ImportError("digest tlsh: install the extra, rorqual[similarity]") from error
            return lambda: _Tlsh(tlsh.Tlsh())
    raise ValueError(f"digest {algorithm}: not one of {', '.join((*ALWAYS, *OPTIONAL))}")


STEP = 1 << 20  # bytes copied at once for the libraries that take bytes alone


class _TlshState(Protocol):
    """The object of the tlsh module."""

    def update(self, data: bytes, /) -> None: ...

    def final(self) -> None: ...

    def hexdigest(self) -> str: ...


class _Tlsh:
    """TLSH; empty for a source too small (50 bytes) or too uniform to have one."""

    def __init__(self, state: _TlshState) -> None:
        self._state = state

    def update(self, data: Bytes, /) -> None:
        for start in range(0, len(data), STEP):
            self._state.update(bytes(data[start : start + STEP]))

    def hexdigest(self) -> str:
        try:
            self._state.final()
            return self._state.hexdigest().removeprefix("TNULL")
        except ValueError:
            return ""


class _SsdeepState(Protocol):
    """The object of the ssdeep module."""

    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> str: ...


class _Ssdeep:
    """ssdeep, in its own notation: block size, then two digests, parted by colons."""

    def __init__(self, state: _SsdeepState) -> None:
        self._state = state

    def update(self, data: Bytes, /) -> None:
        for start in range(0, len(data), STEP):
            self._state.update(bytes(data[start : start + STEP]))

    def hexdigest(self) -> str:
        return self._state.digest()
