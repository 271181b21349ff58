"""How the folders of a 7z archive are decoded: each coder takes the pieces of others and makes pieces."""

import hashlib
import lzma
from collections.abc import Iterator
from dataclasses import dataclass

from rorqual.analyzers.formats.solid.aes import decrypted
from rorqual.analyzers.formats.solid.bcj2 import bcj2
from rorqual.analyzers.formats.solid.sevenzip_header import Coder, Folder
from rorqual.analyzers.formats.solid.unpackers import (
    bunzipped,
    checked,
    cut,
    filtered,
    inflated,
    read_through,
    unlzma,
)
from rorqual.sdk import Malformed, View

DICTIONARY_MOST = 64 << 20
COSTLIEST = 20  # binary logarithm of the rounds that a key is derived with
AES_MOST = 256 << 20  # bytes that are decrypted
LZMA1, LZMA2, DELTA, COPY = b"\x03\x01\x01", b"\x21", b"\x03", b"\x00"
BZIP2, DEFLATE, AES, BCJ2 = b"\x04\x02\x02", b"\x04\x01\x08", b"\x06\xf1\x07\x01", b"\x03\x03\x01\x1b"
BRANCHES = {  # the filters for code
    b"\x04": lzma.FILTER_X86,
    b"\x03\x03\x01\x03": lzma.FILTER_X86,
    b"\x05": lzma.FILTER_POWERPC,
    b"\x03\x03\x02\x05": lzma.FILTER_POWERPC,
    b"\x06": lzma.FILTER_IA64,
    b"\x03\x03\x04\x01": lzma.FILTER_IA64,
    b"\x07": lzma.FILTER_ARM,
    b"\x03\x03\x05\x01": lzma.FILTER_ARM,
    b"\x08": lzma.FILTER_ARMTHUMB,
    b"\x03\x03\x07\x01": lzma.FILTER_ARMTHUMB,
    b"\x09": lzma.FILTER_SPARC,
    b"\x03\x03\x08\x05": lzma.FILTER_SPARC,
}
NAMES = {
    COPY: "copy",
    LZMA1: "lzma",
    LZMA2: "lzma2",
    DELTA: "delta",
    BZIP2: "bzip2",
    DEFLATE: "deflate",
    AES: "aes",
    BCJ2: "bcj2",
    b"\x04\x01\x09": "deflate64",
    b"\x03\x04\x01": "ppmd",
    b"\x0a": "arm64",
    b"\x0b": "riscv",
    b"\x04\xf7\x11\x01": "zstd",
    b"\x04\xf7\x11\x02": "brotli",
    b"\x04\xf7\x11\x04": "lz4",
    **{
        method: f"bcj-{name}"
        for method, name in zip(
            BRANCHES,
            ("x86", "x86", "ppc", "ppc", "ia64", "ia64", "arm", "arm", "armt", "armt", "sparc", "sparc"),
            strict=True,
        )
    },
}
_DECODED = {COPY, LZMA1, LZMA2, DELTA, BZIP2, DEFLATE, AES, BCJ2, *BRANCHES}


def name_of(coder: Coder) -> str:
    """What a coder's method is called."""
    return NAMES.get(coder.method, f"method {coder.method.hex()}")


def refusal(folder: Folder) -> tuple[str, int] | None:
    """The limit that keeps a folder from being decoded, and its allowance."""
    for coder, size in zip(folder.coders, folder.sizes, strict=True):
        if coder.method not in _DECODED or (coder.inputs != 1) != (coder.method == BCJ2):
            return "method", 0
        if coder.method == BCJ2 and coder.inputs != 4:
            return "method", 0
        if coder.method in (LZMA1, LZMA2) and min(_dictionary(coder), size) > DICTIONARY_MOST:
            return "dictionary", DICTIONARY_MOST
        if coder.method == AES and sum(folder.packs) > AES_MOST:
            return "decrypted", AES_MOST
    return None


def encrypted(folder: Folder) -> bool:
    return any(coder.method == AES for coder in folder.coders)


@dataclass(frozen=True)
class Unpacking:
    """One folder being decoded, `at` of the view being its first packed stream."""

    folder: Folder
    password: str | None = None
    check: bool = True  # the CRCs of folder and files

    def __call__(self, view: View) -> Iterator[bytes]:
        """The stream of all its files.

        Raises:
            Malformed: it breaks off, or a checksum does not hold.
        """
        folder = self.folder
        pieces = self._output(view, folder.main)
        if not self.check:
            yield from pieces
            return
        checks = [one for one in folder.contents if one[0]]
        if folder.crc is not None and len(checks) != 1:
            checks = [(folder.size, folder.crc)]
        yield from checked(pieces, checks, view.offset)

    def _output(self, view: View, number: int) -> Iterator[bytes]:
        folder = self.folder
        first = sum(coder.inputs for coder in folder.coders[:number])
        coder, size = folder.coders[number], folder.sizes[number]
        inputs = [self._input(view, first + at) for at in range(coder.inputs)]
        if coder.method == BCJ2:
            return bcj2(inputs, size, view.offset)
        return _coded(coder, inputs[0], size, view.offset, self.password)

    def _input(self, view: View, number: int) -> Iterator[bytes]:
        folder = self.folder
        if number in folder.bonds:
            return self._output(view, folder.bonds[number])
        order = folder.packed.index(number)
        return read_through(view, sum(folder.packs[:order]), folder.packs[order])


def _dictionary(coder: Coder) -> int:
    if coder.method == LZMA1:
        return int.from_bytes(coder.properties[1:5], "little")
    bits = coder.properties[0] if coder.properties else 0
    return 0xFFFFFFFF if bits >= 40 else (2 | bits & 1) << (bits // 2 + 11)


def _coded(coder: Coder, pieces: Iterator[bytes], size: int, offset: int, password: str | None) -> Iterator[bytes]:
    method, properties = coder.method, coder.properties
    if method == AES:
        key, vector = aes_key(properties, password or "", offset)
        return cut(decrypted(pieces, key, vector), size)
    if method == COPY:
        return cut(pieces, size)
    if method == BZIP2:
        return bunzipped(pieces, size, offset)
    if method == DEFLATE:
        return inflated(pieces, size, offset)
    if method in (LZMA1, LZMA2):
        dictionary = max(4096, min(_dictionary(coder), size))
        if method == LZMA2:
            return unlzma(pieces, [{"id": lzma.FILTER_LZMA2, "dict_size": dictionary}], size, offset)
        if len(properties) < 5 or properties[0] >= 225:
            raise Malformed(offset, "properties of LZMA")
        bits = properties[0]
        chain = {"lc": bits % 9, "lp": bits // 9 % 5, "pb": bits // 45}
        return unlzma(pieces, [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, **chain}], size, offset)
    if method == DELTA:
        distance = properties[0] + 1 if properties else 1
        return filtered(pieces, {"id": lzma.FILTER_DELTA, "dist": distance}, size, offset)
    return filtered(pieces, {"id": BRANCHES[method]}, size, offset)


def aes_key(properties: bytes, password: str, offset: int) -> tuple[bytes, bytes]:
    """Key and initial vector: SHA-256 over salt, password and a counter, as often as the properties say."""
    first, second = (*properties[:2], 0, 0)[:2]
    salt_size = (first >> 7 & 1) + (second >> 4)
    vector_size = (first >> 6 & 1) + (second & 0xF)
    salt, vector = properties[2 : 2 + salt_size], properties[2 + salt_size : 2 + salt_size + vector_size]
    secret = salt + password.encode("utf-16-le")
    rounds = first & 0x3F
    if rounds == 0x3F:
        return secret.ljust(32, b"\0")[:32], vector.ljust(16, b"\0")
    if rounds > COSTLIEST or len(properties) < 2 + salt_size + vector_size:
        raise Malformed(offset, "properties of AES")
    return stretched(secret, rounds), vector.ljust(16, b"\0")


def stretched(secret: bytes, rounds: int) -> bytes:
    """SHA-256 over secret and counter, 2 to the power of `rounds` times."""
    width, total = len(secret) + 8, 1 << rounds
    count = min(total, 1 << 16)
    table = bytearray((secret + bytes(8)) * count)
    table[len(secret) :: width] = (bytes(range(256)) * 256)[:count]
    table[len(secret) + 1 :: width] = b"".join(bytes((high,)) * 256 for high in range(256))[:count]
    digest = hashlib.sha256()
    for start in range(0, total, count):
        table[len(secret) + 2 :: width] = bytes((start >> 16,)) * count
        digest.update(table)
    return digest.digest()
