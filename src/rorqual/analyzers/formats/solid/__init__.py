"""Archives whose members share a compressed stream, and others that installers and packers use.

members.py       rows of members, and names that no honest tool writes
times.py         dates as archives store them
rar.py           the probe; rar4.py and rar5.py have the two structures, rar_bodies.py the records
"""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    arj = rb"\x60\xea[\x00-\xff][\x00-\x0a][\x1e-\x50][\x01-\x7f]{2}[\x00-\x0f][\x00-\xff]{2}\x02"
    cab = rb"MSCF\x00{4}[\x00-\xff]{4}\x00{4}[\x00-\xff]{4}\x00{4}[\x00-\xff]\x01"
    return (
        Later("7z", "formats.solid.sevenzip:SevenZip", Anchor(rb"7z\xbc\xaf\x27\x1c\x00")),
        Later("arj", "formats.solid.arj:Arj", Anchor(arj)),
        Later("cab", "formats.solid.cab:Cab", Anchor(cab)),
        Later("rar", "formats.solid.rar:Rar", Anchor(rb"Rar!\x1a\x07\x00"), Anchor(rb"Rar!\x1a\x07\x01\x00")),
    )
