"""A chunk before the header, a private one, a CRC that fails, data apart, a palette behind them; a chunk longer than the file."""

from tests.builders.images_raster import PNG, chunk, png


def build() -> bytes:
    return (
        png(
            chunk(b"whLe", b"hidden here, said nobody"),
            chunk(b"IDAT", b"", crc=1),
            chunk(b"tEXt", b"x"),
            chunk(b"PLTE", bytes(6)),
            before=chunk(b"cOMM", b"first of all"),
        )
        + PNG
        + b"\x7f\xff\xff\xffIHDR"
    )
