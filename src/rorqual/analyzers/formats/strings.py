"""Texts of executables: what may be printed of them, and tables of strings parted by NULs."""

from rorqual.sdk import View

STRINGS_WHOLE = 16 << 20  # bytes of strings kept in memory; names in a longer table are read one by one
NAME_MOST = 4096  # bytes of a symbol's name; the longest of C++ and Swift seen have about 3,000
_NAME_STEP = 256
_PLAIN = frozenset(range(0x20, 0x7F)) - {0x5C}


def printable(raw: bytes) -> str:
    """ASCII as it is, all else and the backslash as \\xNN: no byte is lost, no control reaches a terminal."""
    if raw.isascii() and (text := raw.decode("ascii")).isprintable() and "\\" not in text:
        return text
    return "".join(chr(c) if c in _PLAIN else f"\\x{c:02x}" for c in raw)


class Strings:
    """A table of strings parted by NULs, at a place of the file."""

    __slots__ = ("_blob", "_view", "at", "size")

    def __init__(self, view: View, at: int, size: int) -> None:
        self.at = at
        self.size = size
        self._view = view
        self._blob = view.read(at, size) if size <= STRINGS_WHOLE else None

    def raw(self, offset: int) -> bytes | None:
        """The string at the offset, cut at NAME_MOST; None where the table has no such place."""
        if offset >= self.size:
            return None
        if self._blob is not None:
            end = self._blob.find(b"\0", offset, offset + NAME_MOST)
            return self._blob[offset:end] if end >= 0 else self._blob[offset : offset + NAME_MOST]
        name = b""
        while len(name) < min(NAME_MOST, self.size - offset):
            part = self._view.read(self.at + offset + len(name), min(_NAME_STEP, self.size - offset - len(name)))
            end = part.find(b"\0")
            if end >= 0:
                return name + part[:end]
            if not part:
                break
            name += part
        return name

    def text(self, offset: int) -> str | None:
        """As `raw`, safe to print."""
        raw = self.raw(offset)
        return None if raw is None else printable(raw)
