"""Application segments of JPEG: JFIF, EXIF, XMP, ICC profiles, multi-picture, Photoshop and Adobe's own."""

from typing import TYPE_CHECKING

from rorqual.analyzers.formats.images.psd_resources import THUMBNAIL_HEADER, THUMBNAILS, resources
from rorqual.analyzers.formats.images.tiff_ifd import directories
from rorqual.analyzers.formats.images.walking import as_it_is, latin
from rorqual.sdk import Malformed, View

if TYPE_CHECKING:
    from rorqual.analyzers.formats.images.jpeg import Walk

MPF_PICTURES = 0xB001
MOST_NAMES = 32
PHOTOSHOP = b"Photoshop 3.0\0"


def application(walk: "Walk", view: View, number: int, at: int, size: int) -> None:
    """Notes what APP`number` at `at` tells; all but the short ones of fixed form are room."""
    head = view.read(at, min(size, 32))
    name = f"APP{number} {latin(head)[:24]}".strip()
    if name not in walk.applications and len(walk.applications) < MOST_NAMES:
        walk.applications.append(name)
    fixed = 0
    if number == 0 and head[:5] == b"JFIF\0" and size >= 14:
        walk.jfif = f"{head[5]}.{head[6]:02}"
        fixed = 14 + 3 * head[12] * head[13]
    elif number == 0 and head[:5] == b"JFXX\0" and head[5:6] == b"\x10":
        walk.found.child(as_it_is(at + 6, size - 6, "jfif-thumbnail"))
    elif number == 1 and head[:5] == b"Exif\0":
        walk.exif.append((at, size))
    elif number == 2 and head[:4] == b"MPF\0":
        walk.pictures = _pictures(view.sub(at + 4, size - 4))
    elif number == 13 and head[:14] == PHOTOSHOP:
        for one in resources(view, at + len(PHOTOSHOP), at + size):
            if one.number in THUMBNAILS and one.size > THUMBNAIL_HEADER:
                walk.found.child(as_it_is(one.at + THUMBNAIL_HEADER, one.size - THUMBNAIL_HEADER, "psd-thumbnail"))
    elif number == 14 and head[:5] == b"Adobe" and size >= 12:
        walk.adobe, fixed = head[11], 12
    if size > fixed:
        walk.found.room(at + fixed, size - fixed, "metadata")


def _pictures(view: View) -> int | None:
    """How many pictures the index of a multi-picture file tells of."""
    try:
        tiff = directories(view)
        entries, _ = tiff.entries(tiff.first())
    except Malformed:
        return None
    return next((tiff.one(entry) for entry in entries if entry.tag == MPF_PICTURES), None)
