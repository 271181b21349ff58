"""What a part's probe is handed: the Layout that `MachO` announced the file with."""

from rorqual.analyzers.formats.macho.layout import Layout
from rorqual.sdk import Hit, Kind, Malformed

WOKEN = Kind("macho")


def layout_of(hit: Hit) -> Layout:
    """The file's layout.

    Raises:
        Malformed: somebody else announced the region.
    """
    if not isinstance(hit.context, Layout):
        raise Malformed(hit.offset, "a Mach-O file that was laid out")
    return hit.context
