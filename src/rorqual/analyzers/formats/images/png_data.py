"""The image data of PNG (section 10): one zlib stream over all IDAT chunks, and what stands behind its end in them."""

from zlib import MAX_WBITS, decompressobj, error

from rorqual.sdk import View

CEILING = 256 << 10  # bytes of data that are decoded
MOST_DECODED = 2 << 20
PIECE = 256 << 10
STEP = 16  # decoded bytes that cost as much as one read


def data_behind(view: View, parts: list[tuple[int, int]], *, bare: bool) -> tuple[int, int] | None:
    """(at, size) of the bytes of the last chunks that the stream does not use; None where it uses all, breaks off or is
    too large to tell. `parts` are the (at, size) of the chunks; `bare`: the stream has no header of zlib (Apple's)."""
    if sum(size for _, size in parts) > CEILING:
        return None
    stream, decoded = decompressobj(-MAX_WBITS if bare else MAX_WBITS), 0
    for number, (at, size) in enumerate(parts):
        data = view.read(at, size)
        while data and not stream.eof:
            try:
                piece = stream.decompress(data, PIECE)
            except error:
                return None
            decoded += len(piece)
            view.step(len(piece) // STEP + 1)
            if decoded > MOST_DECODED:
                return None
            data = stream.unconsumed_tail
        if stream.eof:
            unused = len(stream.unused_data)
            if unused:
                return at + size - unused, unused
            return next((part for part in parts[number + 1 :] if part[1]), None)
    return None
