"""Archives whose members share a compressed stream, and others that installers and packers use.

7z       sevenzip.py, sevenzip_header.py, sevenzip_files.py, sevenzip_coders.py, sevenzip_database.py, bcj2.py
rar      rar.py, rar4.py, rar4_blocks.py, rar5.py, rar5_blocks.py
cab      cab.py, cab_folders.py
nsis     nsis.py, nsis_data.py
ace.py, arj.py, chm.py, wim.py   one each

members.py    rows of members, room, names that no honest tool writes
unpackers.py  decoders of the standard library, fed with pieces
aes.py, times.py   decryption; dates as archives store them
"""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    arj = rb"\x60\xea[\x00-\xff][\x00-\x0a][\x1e-\x50][\x01-\x7f]{2}[\x00-\x0f][\x00-\xff]{2}\x02"
    cab = rb"MSCF\x00{4}[\x00-\xff]{4}\x00{4}[\x00-\xff]{4}\x00{4}[\x00-\xff]\x01"
    return (
        Later("7z", "formats.solid.sevenzip:SevenZip", Anchor(rb"7z\xbc\xaf\x27\x1c\x00")),
        Later("ace", "formats.solid.ace:Ace", Anchor(rb"\*\*ACE\*\*[\x0a-\x28]", 7)),
        Later("arj", "formats.solid.arj:Arj", Anchor(arj)),
        Later("cab", "formats.solid.cab:Cab", Anchor(cab)),
        Later("chm", "formats.solid.chm:Chm", Anchor(rb"ITSF[\x02-\x04]\x00\x00\x00[\x58\x60]\x00\x00\x00")),
        Later("nsis", "formats.solid.nsis:Nsis", Anchor(rb"[\x00-\x0f]\x00\x00\x00\xef\xbe\xad\xdeNullsoftInst")),
        Later("rar", "formats.solid.rar:Rar", Anchor(rb"Rar!\x1a\x07\x00"), Anchor(rb"Rar!\x1a\x07\x01\x00")),
        Later("wim", "formats.solid.wim:Wim", Anchor(rb"MSWIM\x00\x00\x00\xd0\x00\x00\x00")),
    )
