"""RAR archives: a signature, then blocks one behind the other to the block that ends the archive.

https://www.rarlab.com/technote.htm (version 5); version 4, in use from 1.5 to 4.x, was described in the technote.txt
of those releases. rar4.py and rar5.py read the blocks, each of which has a checksum of its own.

Stored members are children. Not handled: the compression methods (nothing decodes them without an outside tool), the
encryption, RAR 1.4 ("RE~^"), which has no checksums, and members that go on in another volume.
"""

from collections.abc import Iterator

from rorqual.analyzers.formats.solid.rar4 import examine4
from rorqual.analyzers.formats.solid.rar5 import examine5
from rorqual.sdk import Anchor, Hit, Said, View


class Rar:
    """Finds RAR archives anywhere: behind a self-extracting stub as well."""

    name = "rar"
    version = 1
    wakes_on = (Anchor(rb"Rar!\x1a\x07\x00"), Anchor(rb"Rar!\x1a\x07\x01\x00"))

    def score(self, view: View, /) -> int:
        """A main header of version 4, or a first header of version 5, is of few types."""
        head = view.read(6, 16)
        if len(head) < 13:
            return 0
        if head[0] == 0:
            return int(head[3] == 0x73 and head[7] == 0)
        return int(head[6] < 0x80)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        yield from examine4(hit) if hit.view.exact(6, 1) == b"\0" else examine5(hit)
