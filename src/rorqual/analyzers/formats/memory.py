"""An executable as its loader maps it: reading by address, with zeros where memory goes on behind the file's bytes."""

from typing import Generic, Protocol, TypeVar

from rorqual.sdk import Malformed, View

STRING_STEP = 128  # bytes read at once in search of a NUL
ZEROS_MAX = 1 << 20  # bytes made up at once
_PAGE = 4096


class Mapped(Protocol):
    """A layout that knows what is mapped where."""

    def mapped(self, address: int, /) -> tuple[int, int, int]:
        """(at, bytes in the file, bytes in memory) from the address on."""
        ...


L = TypeVar("L", bound=Mapped)


class Memory(Generic[L]):
    """The executable that begins where `view` does."""

    __slots__ = ("_view", "layout")

    def __init__(self, layout: L, view: View) -> None:
        self.layout = layout
        self._view = view

    def read(self, address: int, size: int) -> bytes:
        """At most `size` bytes at the address; short where the mapping ends, empty where nothing is mapped."""
        parts: list[bytes] = []
        while size > 0:
            at, stored, mapped = self.layout.mapped(address)
            if stored:
                part = self._view.read(at, min(size, stored))
            else:
                part = bytes(min(size, mapped, ZEROS_MAX))
                self._view.step(1 + len(part) // _PAGE)
            if not part:
                break
            parts.append(part)
            address += len(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def exact(self, address: int, size: int) -> bytes:
        """Just `size` bytes at the address.

        Raises:
            Malformed: fewer are mapped.
        """
        data = self.read(address, size)
        if len(data) != size:
            raise Malformed(self._view.offset, f"{size} bytes mapped at address {address:#x}, found {len(data)}")
        return data

    def string(self, address: int, most: int) -> bytes | None:
        """The bytes at the address up to a NUL, without it; None where there is none within `most` bytes."""
        parts: list[bytes] = []
        left = most
        while left > 0:
            data = self.read(address, min(left, STRING_STEP))
            end = data.find(b"\0")
            if end >= 0:
                parts.append(data[:end])
                return b"".join(parts)
            if not data:
                break
            parts.append(data)
            address += len(data)
            left -= len(data)
        return None
