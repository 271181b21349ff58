"""ZIP archives, found by their end record; fragments without one, by their beginning."""

from collections.abc import Iterator

from rorqual.analyzers.formats.archives.zip.archive import Archive
from rorqual.analyzers.formats.archives.zip.ends import plausible, read_ends
from rorqual.analyzers.formats.archives.zip.recovery import recovered
from rorqual.sdk import Anchor, Hit, Kind, Said, View

END = Kind("end")


class Zip:
    """Finds ZIP archives anywhere, and the beginning of one at the start of a source."""

    name = "zip"
    version = 1
    wakes_on = (Anchor(rb"PK\x05\x06"), END)

    def score(self, view: View, /) -> int:
        """The end record must lead to a central directory."""
        return 1 if plausible(view.sub(-view.offset), view.offset) else 0

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view.sub(-hit.offset)
        if hit.trigger == END:
            yield from recovered(hit, view)
        else:
            yield from Archive(hit, view, read_ends(view, hit.offset)).told()
