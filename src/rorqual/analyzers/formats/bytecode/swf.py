"""Flash files: "FWS", a version, a size and a movie; "CWS" with the movie in zlib, "ZWS" with it in LZMA.

https://open-flash.github.io/mirrors/swf-spec-19.pdf, chapter 2. A movie that is compressed becomes a child, an "FWS"
file of its own, whose tags are told there. Scripts are not read.
"""

import lzma
import zlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.bytecode import SWF
from rorqual.analyzers.formats.bytecode.swf_tags import ABC, ACTIONS, DEBUGGING, HEADER, PROTECT, Movie
from rorqual.analyzers.formats.reader import Cut, told
from rorqual.sdk import Anomaly, Codec, Extent, Hit, Malformed, Refused, Region, Room, Said, View, frozen

READ = 64 << 10
PIECE = 256 << 10
TRIED = 16 << 20  # encoded bytes that are decoded as proof
STEP = 16  # decoded bytes that cost as much as one read
SIZE_MOST = 1 << 31
DICTIONARY_MOST = 64 << 20
LZMA_AT, LZMA_PROPERTIES = 17, 12
USES_NETWORK = 1


@frozen
class FlashFile:
    """A Flash file. The finding spans it, as far as it is there."""

    tag: ClassVar[str] = "flash_file"
    flash_version: int
    compression: str  # "none", "zlib", "lzma"
    decoded_size: int  # with the header


@frozen
class FlashMovie:
    """The movie of a file that is not compressed."""

    tag: ClassVar[str] = "flash_movie"
    width: float  # pixels
    height: float
    rate: float  # frames a second
    frames: int
    tags: int
    scripts: int  # ActionScript 1 and 2
    bytecode: int  # blocks of ActionScript 3
    embedded: int  # binary data and pictures
    uses_network: bool
    protected: bool  # against import
    debuggable: bool


class Flash:
    """Finds Flash files anywhere."""

    name = "swf"
    version = 1
    wakes_on = SWF

    def score(self, view: View, /) -> int:
        """A size that is more than a header's, and how the compressed movie must begin."""
        head = view.read(0, 16)
        if len(head) < 12 or int.from_bytes(head[4:8], "little") <= HEADER:
            return 0
        if head[:1] == b"C":
            return int(head[8] & 0x0F == 8 and int.from_bytes(head[8:10], "big") % 31 == 0)
        return int((head[:1] == b"F" and head[8] >= 8) or (head[:1] == b"Z" and len(head) > 12 and head[12] < 225))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        head = hit.view.exact(0, 12)
        size = int.from_bytes(head[4:8], "little")
        if not HEADER + 4 < size < SIZE_MOST:
            raise Malformed(hit.offset + 4, "the size of a movie")
        if head[:1] == b"F":
            yield from _plain(hit, head[3], size)
        else:
            yield from _packed(hit, head[3], size, "zlib" if head[:1] == b"C" else "lzma")


def _plain(hit: Hit, version: int, size: int) -> Iterator[Said]:
    view = hit.view
    try:
        movie = Movie(view, size)
    except Cut:
        present = view.within(0, size)
        if present < size:
            yield hit.finding(0, present, FlashFile(version, "none", size))
        return
    present = view.within(0, size)
    yield hit.finding(0, present, FlashFile(version, "none", size))
    codes = movie.codes
    body = FlashMovie(
        width=movie.width,
        height=movie.height,
        rate=movie.rate,
        frames=movie.frames,
        tags=movie.tags,
        scripts=sum(codes.get(code, 0) for code in ACTIONS),
        bytecode=codes.get(ABC, 0),
        embedded=len(movie.embedded),
        uses_network=bool(movie.flags & USES_NETWORK),
        protected=PROTECT in codes,
        debuggable=any(code in codes for code in DEBUGGING),
    )
    yield hit.finding(HEADER, movie.end - HEADER, body)
    if present == size:
        yield Extent(0, size, "swf", "tags lead to the one that ends the movie")
    for tag in movie.metadata:
        if told(view, tag.at, tag.end - tag.at):
            yield hit.finding(tag.at, tag.end - tag.at, Room("swf", "metadata"))
    if told(view, movie.end, present - movie.end):
        yield hit.finding(movie.end, present - movie.end, Room("swf", "unused"))
        yield hit.finding(movie.end, present - movie.end, Anomaly("swf_behind_end", f"{present - movie.end} bytes"))
    for tag in movie.embedded:
        yield Region(tag.at, tag.end - tag.at, "swf-data", Codec("swf-data", None))


def _packed(hit: Hit, version: int, size: int, method: str) -> Iterator[Said]:
    view = hit.view
    if method == "lzma":
        dictionary = int.from_bytes(view.exact(LZMA_PROPERTIES + 1, 4), "little")
        if dictionary > DICTIONARY_MOST:
            packed = int.from_bytes(view.exact(8, 4), "little")
            present = view.within(0, LZMA_AT + packed)
            yield hit.finding(0, present, FlashFile(version, method, size))
            yield Refused(0, present, "dictionary", DICTIONARY_MOST)
            return
    tried = _Movie(view, method)
    made = 0
    for piece in tried.pieces(TRIED):
        made += len(piece)
        view.step(len(piece) // STEP)
        if made > size - HEADER:
            break
    if made == 0:
        raise Malformed(hit.offset + HEADER, "a movie that decodes")
    whole = tried.ended or (method == "lzma" and made == size - HEADER)
    end = tried.used
    yield hit.finding(0, end, FlashFile(version, method, size))
    if whole:
        proof = f"the movie decodes to {'the size' if made == size - HEADER else 'an end, not to the size'} told"
        yield Extent(0, end, "swf", proof)
        if made != size - HEADER:
            yield hit.finding(4, 4, Anomaly("swf_size_wrong", f"stored {size}, decoded {made + HEADER}"))
    yield Region(0, end if whole else None, "swf-movie", Codec("swf", decode))


def decode(view: View) -> Iterator[bytes]:
    """The same file without compression.

    Raises:
        Malformed: the stream breaks off.
    """
    head = view.exact(0, HEADER)
    yield b"F" + head[1:]
    movie = _Movie(view, "zlib" if head[:1] == b"C" else "lzma")
    yield from movie.pieces(None)
    if not movie.ended:
        raise Malformed(view.offset + movie.used, "the end of the movie")


class _Movie:
    """A compressed movie being decoded; `used` is where its stream has come to."""

    def __init__(self, view: View, method: str) -> None:
        self._view = view
        self._wanted = int.from_bytes(view.exact(4, 4), "little") - HEADER
        self._method = method
        self.used = HEADER if method == "zlib" else LZMA_AT
        self.ended = False

    def pieces(self, most: int | None) -> Iterator[bytes]:
        return self._inflated(most) if self._method == "zlib" else self._unpacked(most)

    def _inflated(self, most: int | None) -> Iterator[bytes]:
        stream, size, start = zlib.decompressobj(), 4096, self.used
        at = start
        while not stream.eof and (most is None or at - start < most):
            data = self._view.read(at, size)
            at, size = at + len(data), min(READ, 2 * size)
            if not data:
                break
            while data and not stream.eof:
                try:
                    piece = stream.decompress(data, PIECE)
                except zlib.error as error:
                    raise Malformed(self._view.offset + at, f"a zlib stream ({error})") from error
                data = stream.unconsumed_tail
                if piece:
                    yield piece
        self.ended = stream.eof
        self.used = at - len(stream.unused_data)

    def _unpacked(self, most: int | None) -> Iterator[bytes]:
        view = self._view
        packed = int.from_bytes(view.exact(8, 4), "little")
        properties = view.exact(LZMA_PROPERTIES, 5)
        one, rest = properties[0] % 9, properties[0] // 9
        form = {
            "id": lzma.FILTER_LZMA1, "dict_size": max(4096, int.from_bytes(properties[1:], "little")),
            "lc": one, "lp": rest % 5, "pb": rest // 5,
        }  # fmt: skip
        try:
            stream = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[form])
        except (lzma.LZMAError, ValueError) as error:
            raise Malformed(view.offset + LZMA_PROPERTIES, f"properties of LZMA ({error})") from error
        at, end, made = self.used, LZMA_AT + packed, 0
        while made < self._wanted and not stream.eof and (most is None or at - LZMA_AT < most):
            data = b""
            if stream.needs_input:
                data = view.read(at, min(READ, end - at))
                at += len(data)
                if not data:
                    break
            try:
                piece = stream.decompress(data, min(PIECE, self._wanted - made))
            except lzma.LZMAError as error:
                raise Malformed(view.offset + at, f"an LZMA stream ({error})") from error
            made += len(piece)
            if piece:
                yield piece
        self.ended = stream.eof or made == self._wanted
        self.used = end if self.ended and view.holds(end - 1) else at
