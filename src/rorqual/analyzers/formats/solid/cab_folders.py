"""Folders of cabinets: blocks of data in a row, each decoded with the 32 KiB before it at hand."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from rorqual.sdk import Malformed, View

BLOCK = struct.Struct("<IHH")
BLOCK_MOST = 32 << 10  # bytes of a block, unpacked
CHECKED_MOST = 1 << 20  # bytes whose checksums are verified
MSZIP = 1


@dataclass
class Folder:
    """A folder; `walk` finds its end."""

    start: int  # of the cabinet, in the source
    at: int  # of the first block
    blocks: int
    method: int
    reserve: int  # bytes in each block's header
    end: int = 0
    checked: int = 0
    continues: bool = False  # the first block began in another cabinet
    wrong: tuple[int, int] | None = None  # place and size of the first block whose checksum does not hold

    def walk(self, view: View, size: int, checked: int) -> bool:
        """Whether each block lies in the cabinet's `size` bytes; `checked` bytes have been verified before."""
        at = self.end = self.at
        for _ in range(self.blocks):
            view.step()
            head = view.read(at, BLOCK.size + self.reserve)
            if len(head) < BLOCK.size + self.reserve:
                return False
            crc, length, unpacked = BLOCK.unpack_from(head)
            end = at + len(head) + length
            if end > size or unpacked > BLOCK_MOST or not length:
                return False
            if crc and self.wrong is None and checked + self.checked + length <= CHECKED_MOST:
                data = view.read(at + len(head), length)
                if len(data) == length and checksum(head[4:], checksum(data)) != crc:
                    self.wrong = at, end - at
                elif len(data) == length:
                    self.checked += length
            at = self.end = end
        return bool(self.blocks) and self.wrong is None

    def decode(self, view: View) -> Iterator[bytes]:
        """The stream of all files.

        Raises:
            Malformed: a block is cut off, or is not what it says.
        """
        at, history = 0, b""
        for number in range(self.blocks):
            _, length, unpacked = BLOCK.unpack_from(view.exact(at, BLOCK.size))
            data = view.exact(at + BLOCK.size + self.reserve, length)
            at += BLOCK.size + self.reserve + length
            if not unpacked:
                return  # it goes on in the next cabinet
            if self.method == MSZIP:
                data = _inflated(data, history, view.offset + at - length)
                history = (history + data)[-BLOCK_MOST:]
            if len(data) != unpacked and (number or not self.continues):
                yield data[:unpacked]
                raise Malformed(view.offset + at - length, f"a block of {unpacked} bytes, found {len(data)}")
            yield data


def read_folders(view: View, at: int, count: int, reserves: tuple[int, int]) -> list[Folder]:
    """The table of folders; `reserves` are the bytes that folders and blocks keep for others."""
    width = 8 + reserves[0]
    data = view.exact(at, count * width)
    entries = (struct.unpack_from("<IHH", data, number * width) for number in range(count))
    return [Folder(view.offset, start, blocks, kind & 0xF, reserves[1]) for start, blocks, kind in entries]


def _inflated(data: bytes, history: bytes, offset: int) -> bytes:
    if data[:2] != b"CK":
        raise Malformed(offset, "a block that begins with CK")
    stream = zlib.decompressobj(-zlib.MAX_WBITS, zdict=history) if history else zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return stream.decompress(data[2:], BLOCK_MOST + 1)
    except zlib.error as error:
        raise Malformed(offset, f"DEFLATE data ({error})") from error


def checksum(data: bytes, seed: int = 0) -> int:
    """All words of 32 bits added without carry; a rest of one to three bytes counts the other way round."""
    whole = len(data) & ~3
    value = seed ^ int.from_bytes(data[whole:], "big")
    count = whole // 4
    words = int.from_bytes(data[:whole], "little")
    while count > 1:
        half = (count + 1) // 2
        words = (words >> 32 * half) ^ (words & ((1 << 32 * half) - 1))
        count = half
    return value ^ words
