"""Packs what is taken out so that nothing runs it or deletes it by mistake: as analysts send samples to one another.

CaRT (https://github.com/CybercentreCanada/cart) and ZIP with the password "infected" are each written by a kept
library, which comes with the extra `neuter`. Nothing of a sample stands on the disk as it is.
"""

import importlib
import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

PASSWORD = b"infected"
WAYS = {"cart": "cart", "zip": "pyzipper"}  # by way the library that knows it
PIECE = 1 << 20


class Neuter:
    """One way of packing.

    Raises:
        ValueError: no such way.
        ImportError: its library is not installed.
    """

    def __init__(self, way: str) -> None:
        if way not in WAYS:
            raise ValueError(f"neuter: {way} is neither {' nor '.join(WAYS)}")
        try:
            self._library: Any = importlib.import_module(WAYS[way])  # neither has types
        except ImportError as error:
            raise ImportError(f"neuter {way}: needs {WAYS[way]}; install rorqual[neuter]") from error
        self._way = way
        self.suffix = f".{way}"

    def pack(self, pieces: Iterable[bytes], out: BinaryIO, name: str) -> None:
        """Writes the pieces into `out`, packed; `name` is what a ZIP calls them."""
        if self._way == "cart":
            self._library.pack_stream(_Reader(iter(pieces)), out)
            return
        options = {"compression": self._library.ZIP_DEFLATED, "encryption": self._library.WZ_AES}
        with self._library.AESZipFile(out, "w", **options) as archive:
            archive.setpassword(PASSWORD)
            with archive.open(name, "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece)


class _Reader(io.RawIOBase):
    """Pieces as a file to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            return self._left + b"".join(self._pieces)
        while len(self._left) < size and (piece := next(self._pieces, None)) is not None:
            self._left += piece
        data, self._left = self._left[:size], self._left[size:]
        return data
