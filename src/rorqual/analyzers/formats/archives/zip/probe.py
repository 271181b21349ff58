"""ZIP archives, found by their end record."""

from collections.abc import Iterator

from rorqual.analyzers.formats.archives.zip.archive import Archive
from rorqual.analyzers.formats.archives.zip.ends import plausible, read_ends
from rorqual.sdk import Anchor, Hit, Said, View


class Zip:
    """Finds ZIP archives anywhere."""

    name = "zip"
    version = 1
    wakes_on = (Anchor(rb"PK\x05\x06"),)

    def score(self, view: View, /) -> int:
        """The end record must lead to a central directory."""
        return 1 if plausible(view.sub(-view.offset), view.offset) else 0

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view.sub(-hit.offset)
        yield from Archive(hit, view, read_ends(view, hit.offset)).told()
