"""Images.

walking.py     what a walk gathers, reading ahead
png_chunks.py  chunks of PNG and its relatives
"""

from rorqual.analyzers.later import Later
from rorqual.sdk import Anchor, Analyzer


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return (
        Later("jpeg", "formats.images.jpeg:JPEG", Anchor(rb"\xff\xd8\xff[\xc0-\xc3\xc4-\xc7\xc9-\xcf\xdb-\xdf\xe0-\xf8\xfe\xff]")),
        Later("png", "formats.images.png:PNG", Anchor(rb"\x89PNG\r\n\x1a\n")),
        Later("mng", "formats.images.mng:MNG", Anchor(rb"\x8aMNG\r\n\x1a\n"), Anchor(rb"\x8bJNG\r\n\x1a\n")),
    )
