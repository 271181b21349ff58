"""Windows prefetch files: a version, "SCCA", a size, the program's name, and tables whose places stand in the header;
since Windows 10 they are compressed ("MAM"), which is no more than told of.

https://github.com/libyal/libscca/blob/main/documentation/Windows%20Prefetch%20File%20(PF)%20format.asciidoc.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.stores import PREFETCH
from rorqual.analyzers.formats.strings import printable
from rorqual.analyzers.formats.times import filetime
from rorqual.sdk import Extent, Hit, Malformed, Said, View, frozen

HEADER, INFORMATION = 84, 156
SIZE_MOST = 64 << 20
SYSTEMS = {17: "Windows XP", 23: "Windows Vista or 7", 26: "Windows 8", 30: "Windows 10", 31: "Windows 11"}
RUNS = {17: (36, 1, 60), 23: (44, 1, 68), 26: (44, 8, 124), 30: (44, 8, 124), 31: (44, 8, 124)}  # times, count
FILES_TOLD = 64


@frozen
class PrefetchFile:
    """A prefetch file; of a compressed one the finding spans the header."""

    tag: ClassVar[str] = "prefetch_file"
    system: str | None
    program: str | None
    path_hash: str | None
    runs: int | None
    last_runs: tuple[str, ...]  # times
    files: tuple[str, ...]  # that it loaded, the first 64
    decoded_size: int  # of a compressed one, else its size


class Prefetch:
    """Finds prefetch files anywhere."""

    name = "prefetch"
    version = 1
    wakes_on = PREFETCH

    def score(self, view: View, /) -> int:
        """A size that has room for the header."""
        if view.read(0, 3) == b"MAM":
            return int(0 < int.from_bytes(view.read(4, 4), "little") < SIZE_MOST)
        return int(HEADER + INFORMATION <= int.from_bytes(view.read(12, 4), "little") < SIZE_MOST)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, 8)
        if head[:3] == b"MAM":
            size = int.from_bytes(head[4:], "little")
            yield hit.finding(0, 8, PrefetchFile(None, None, None, None, (), (), size))
            return
        version = head[0]
        head = view.exact(0, HEADER + INFORMATION)
        size = int.from_bytes(head[12:16], "little")
        metrics, _, _, _, names_at, names_size, volumes_at, _, volumes_size = struct.unpack_from("<9I", head, HEADER)
        sound = HEADER < metrics <= names_at <= names_at + names_size <= size
        if not sound or not names_at < volumes_at <= volumes_at + volumes_size <= size:
            raise Malformed(hit.offset + HEADER, "tables inside the file")
        present = view.within(0, size)
        times_at, times, count_at = RUNS[version]
        if version >= 30 and metrics == 0x128:  # the header is shorter since some build
            count_at -= 8
        runs = (int.from_bytes(head[HEADER + times_at + 8 * n :][:8], "little") for n in range(times))
        raw = view.read(names_at, min(names_size, 16 << 10)).decode("utf-16-le", "replace")
        files = [name for name in raw.split("\0") if name][:FILES_TOLD]
        program = head[16:76].decode("utf-16-le", "replace").partition("\0")[0]
        body = PrefetchFile(
            system=SYSTEMS[version],
            program=program if program.isprintable() else printable(head[16:76]),
            path_hash=f"{int.from_bytes(head[76:80], 'little'):08X}",
            runs=int.from_bytes(head[HEADER + count_at :][:4], "little"),
            last_runs=tuple(text for run in runs if (text := filetime(run))),
            files=tuple(name if name.isprintable() else printable(name.encode("utf-8", "replace")) for name in files),
            decoded_size=size,
        )
        yield hit.finding(0, present, body)
        if present == size and len(files) > 0:
            yield Extent(0, size, "prefetch", "tables lie in the size told")
