"""What EXIF metadata (CIPA DC-008) in a picture tells: a TIFF structure without an image of its own.

Maker notes and the many settings of cameras are not read.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.tiff_ifd import (
    ARTIST,
    COPYRIGHT,
    DATE,
    DESCRIPTION,
    EXIF_IFD,
    GPS_IFD,
    JPEG_AT,
    JPEG_SIZE,
    MAKE,
    MODEL,
    ORIENTATION,
    SOFTWARE,
    Directories,
    Entry,
    directories,
)
from rorqual.analyzers.formats.images.walking import as_it_is
from rorqual.sdk import Hit, Malformed, Said, frozen

TAKEN, SERIAL, OWNER, COMMENT = 36867, 42033, 42032, 37510
PREFIX = b"Exif\0\0"


@frozen
class ExifData:
    """EXIF of a picture; the finding spans the block that holds it."""

    tag: ClassVar[str] = "exif_data"
    make: str | None
    model: str | None
    software: str | None
    modified: str | None
    taken: str | None
    artist: str | None
    copyright: str | None
    description: str | None
    comment: str | None
    serial: str | None
    owner: str | None
    orientation: int
    position: str | None  # latitude and longitude in degrees
    thumbnail: int  # bytes of it


def exif(hit: Hit, at: int, size: int) -> Iterator[Said]:
    """What the block at `at` tells, and its thumbnail as a child; nothing where it is broken."""
    view = hit.view.sub(at, size)
    skipped = len(PREFIX) if view.read(0, len(PREFIX)) == PREFIX else 0
    try:
        body, thumbnail = _read(directories(view.sub(skipped)))
    except Malformed:
        return
    yield hit.finding(at, size, body)
    if body.thumbnail and thumbnail + skipped + body.thumbnail <= size:
        yield as_it_is(at + skipped + thumbnail, body.thumbnail, "exif-thumbnail")


def _read(tiff: Directories) -> tuple[ExifData, int]:
    entries, following = tiff.entries(tiff.first())
    main = {entry.tag: entry for entry in entries}
    camera, gps, small = _below(tiff, main.get(EXIF_IFD)), _below(tiff, main.get(GPS_IFD)), _at(tiff, following)
    body = ExifData(
        make=tiff.text(main.get(MAKE)),
        model=tiff.text(main.get(MODEL)),
        software=tiff.text(main.get(SOFTWARE)),
        modified=tiff.text(main.get(DATE)),
        taken=tiff.text(camera.get(TAKEN)),
        artist=tiff.text(main.get(ARTIST)),
        copyright=tiff.text(main.get(COPYRIGHT)),
        description=tiff.text(main.get(DESCRIPTION)),
        comment=tiff.text(camera.get(COMMENT)),
        serial=tiff.text(camera.get(SERIAL)),
        owner=tiff.text(camera.get(OWNER)),
        orientation=tiff.one(main.get(ORIENTATION)),
        position=_position(tiff, gps),
        thumbnail=tiff.one(small.get(JPEG_SIZE)),
    )
    return body, tiff.one(small.get(JPEG_AT))


def _below(tiff: Directories, pointer: Entry | None) -> dict[int, Entry]:
    return _at(tiff, tiff.one(pointer))


def _at(tiff: Directories, at: int) -> dict[int, Entry]:
    """The directory at `at`, empty where there is none."""
    if at < 8:
        return {}
    try:
        return {entry.tag: entry for entry in tiff.entries(at)[0]}
    except Malformed:
        return {}


def _position(tiff: Directories, gps: dict[int, Entry]) -> str | None:
    """Tags 1 to 4: the hemisphere, and degrees, minutes and seconds as fractions."""
    parts = []
    for letter, value in ((gps.get(1), gps.get(2)), (gps.get(3), gps.get(4))):
        if letter is None or value is None or value.type != 5 or value.many != 3:
            return None
        data = tiff.view.read(value.at, 24)
        numbers = [tiff.number(data[at : at + 4]) for at in range(0, 24, 4)]
        if len(data) < 24 or 0 in numbers[1::2]:
            return None
        degrees = sum(numbers[2 * one] / numbers[2 * one + 1] / 60**one for one in range(3))
        parts.append(f"{degrees:.6f} {tiff.text(letter) or '?'}")
    return ", ".join(parts)
