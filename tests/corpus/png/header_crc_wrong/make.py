"""A header whose CRC fails: the rest proves the picture."""

from tests.builders.images_raster import PNG, chunk, ihdr, png


def build() -> bytes:
    return PNG + chunk(b"IHDR", ihdr()[8:21], crc=7) + png()[len(PNG) + len(ihdr()) :]
