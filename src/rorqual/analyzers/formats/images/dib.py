"""Headers of device-independent bitmaps, in BMP files and icons: twelve bytes (OS/2 1), sixteen to sixty-four
(OS/2 2), forty and more (Windows); little-endian. MS-WMF 2.2.2.9 and the OS/2 Presentation Manager reference."""

from typing import NamedTuple

from rorqual.sdk import View

SIZES = frozenset((12, 16, 20, 24, 28, 32, 36, 40, 42, 44, 46, 48, 52, 56, 60, 64, 108, 124))
DEPTHS = (0, 1, 2, 4, 8, 16, 24, 32, 64)
COMPRESSIONS = {0: "none", 1: "RLE8", 2: "RLE4", 3: "bit fields", 4: "JPEG", 5: "PNG", 6: "bit fields with alpha"}
HUFFMAN, RLE24 = 3, 4  # of OS/2 2, in headers of other sizes than Windows has
CEILING = 1 << 31  # pixels or bytes


class DIB(NamedTuple):
    """A header; sizes in bytes."""

    header: int
    width: int
    height: int  # negative: from the top down
    depth: int  # bits a pixel
    compression: int
    image: int  # bytes, as it says; 0: it does not
    colours: int  # in the palette
    profile: tuple[int, int]  # (at from the header's start, size) of a colour profile

    @property
    def masks(self) -> int:
        """Bytes of bit masks between header and palette."""
        if self.header != 40:
            return 0
        return {3: 12, 6: 16}.get(self.compression, 0)

    @property
    def palette(self) -> int:
        """Bytes of the palette."""
        return self.colours * (3 if self.header == 12 else 4)

    @property
    def stored(self) -> int:
        """Bytes of the pixels, in rows of whole words of four; of compressed ones what the header says."""
        if self.compression in (0, 3, 6) and self.depth:
            return (self.width * self.depth + 31) // 32 * 4 * abs(self.height)
        return self.image


def dib(view: View, at: int) -> DIB | None:
    """The header at `at`; None where its fields are not those of one."""
    data = view.read(at, 124)
    size = int.from_bytes(data[:4], "little")
    if size not in SIZES or len(data) < size:
        return None
    if size == 12:
        width, height, planes, depth = (int.from_bytes(data[start : start + 2], "little") for start in (4, 6, 8, 10))
        found = DIB(size, width, height, depth, 0, 0, 1 << depth if depth <= 8 else 0, (0, 0))
    else:
        data = data[:size] + bytes(124 - size)
        words = [
            int.from_bytes(data[start : start + 4], "little", signed=start in (4, 8)) for start in range(0, 124, 4)
        ]
        planes, depth = int.from_bytes(data[12:14], "little"), int.from_bytes(data[14:16], "little")
        colours = words[8] or (1 << depth if 0 < depth <= 8 else 0)
        profile = (words[28], words[29]) if size == 124 and data[56:60] in (b"DEBM", b"KNIL") else (0, 0)
        found = DIB(size, words[1], words[2], depth, words[4], words[5], colours, profile)
    sound = (
        planes == 1
        and found.depth in DEPTHS
        and found.compression in COMPRESSIONS
        and (found.depth > 0 or found.compression in (4, 5))
        and 0 < found.width < 1 << 24
        and 0 < abs(found.height) < 1 << 24
        and found.colours <= 65_536
        and found.stored < CEILING
    )
    return found if sound else None
