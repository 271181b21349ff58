"""Compiled Python: a number that is another in each release, "\\r\\n", a few fields, and a marshalled code object.

https://peps.python.org/pep-3147/, https://peps.python.org/pep-0552/ and the list of numbers in CPython's
Lib/importlib/_bootstrap_external.py. What Python 2.3 to 3.14 write is walked, to the last byte of the code object.
Bytecode is not read, and other Pythons' numbers (PyPy's) are not known.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.bytecode import PYC
from rorqual.analyzers.formats.bytecode.marshal import Walk
from rorqual.analyzers.formats.reader import Cut
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Extent, Hit, Malformed, Said, View, frozen

NAMES_TOLD = 64
TEXT_MOST = 512
# The first number of each release; those of releases that nobody uses any more stand for what came before.
FIRST = (
    (3000, (3, 0)), (3141, (3, 1)), (3160, (3, 2)), (3190, (3, 3)), (3250, (3, 4)), (3320, (3, 5)), (3360, (3, 6)),
    (3390, (3, 7)), (3400, (3, 8)), (3420, (3, 9)), (3430, (3, 10)), (3450, (3, 11)), (3500, (3, 12)),
    (3550, (3, 13)), (3600, (3, 14)), (3650, (3, 15)), (3700, (0, 0)),
    (62011, (2, 3)), (62041, (2, 4)), (62071, (2, 5)), (62151, (2, 6)), (62171, (2, 7)), (62240, (0, 0)),
)  # fmt: skip
_NUMBERS = tuple(number for number, _ in FIRST)


@frozen
class PythonBytecode:
    """A module's code. The finding spans header and code object, or what is there of it."""

    tag: ClassVar[str] = "python_bytecode"
    magic: int
    version: str  # of Python: "3.11"
    modified: int | None  # of the source file: seconds since 1970 UTC
    source_size: int | None  # bytes, modulo 2^32
    source_hash: str | None  # where the source is told by its hash, and not by time and size
    file_name: str | None  # of the source, when it was compiled
    name: str | None
    names: tuple[str, ...]  # that the module's own code uses, the first 64
    code_objects: int
    cut: bool


class Pyc:
    """Finds compiled Python anywhere."""

    name = "pyc"
    version = 1
    wakes_on = PYC

    def score(self, view: View, /) -> int:
        """A number of a release there is."""
        return int(_release(int.from_bytes(view.read(0, 2), "little")) is not None)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, 16)
        magic = int.from_bytes(head[:2], "little")
        version = _release(magic)
        if version is None:
            raise Malformed(hit.offset, "the number of a release")
        modified: int | None = int.from_bytes(head[4:8], "little")
        source_size: int | None = None
        source_hash = None
        at = 8
        if version >= (3, 7):
            at = 16
            modified, source_size = int.from_bytes(head[8:12], "little"), int.from_bytes(head[12:16], "little")
            if head[4] & 1:
                modified, source_size, source_hash = None, None, head[8:16].hex()
        elif version >= (3, 3):
            at, source_size = 12, int.from_bytes(head[8:12], "little")
        if view.exact(at, 1)[0] & 0x7F != ord("c"):
            raise Malformed(hit.offset + at, "a code object")

        def body(walk: Walk | None) -> PythonBytecode:
            code = walk.code if walk is not None else None
            return PythonBytecode(
                magic=magic,
                version=f"{version[0]}.{version[1]}",
                modified=modified,
                source_size=source_size,
                source_hash=source_hash,
                file_name=_text(code.file_name) if code is not None else None,
                name=_text(code.name) if code is not None else None,
                names=tuple(printable(name[:TEXT_MOST]) for name in code.names[:NAMES_TOLD]) if code else (),
                code_objects=walk.codes if walk is not None else 0,
                cut=walk is None,
            )

        try:
            walk = Walk(view, at, version)
        except Cut as cut:
            yield hit.finding(0, view.within(0, cut.offset - hit.offset), body(None))
            return
        yield hit.finding(0, walk.end, body(walk))
        yield Extent(0, walk.end, "pyc", "the code object parses to its end")


def _release(magic: int) -> tuple[int, int] | None:
    """The Python that writes this number."""
    index = bisect_right(_NUMBERS, magic) - 1
    return FIRST[index][1] if index >= 0 and FIRST[index][1] != (0, 0) else None


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else printable(raw[:TEXT_MOST])
