"""Compressed streams: one content, without a directory.

bzip2.py, xz.py, lzma_alone.py, lzip.py, zstd.py, lz4.py, compress.py   a probe each
unpacking.py      how a decoder of the standard library is fed
lz4_blocks.py     the blocks of LZ4, and its checksum
"""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    bzip2 = (Anchor(rb"BZh[1-9]1AY&SY"), Anchor(rb"BZh[1-9]\x17rE8P\x90\x00{4}"))
    xz = (Anchor(rb"\xfd7zXZ\x00\x00[\x00-\x0f]"), Anchor(rb"[\x00-\xff]{7}\x00\x00[\x00-\x0f]YZ"))
    lzma = (
        Anchor(rb"[\x00-\xe0]\x00[\x00-\xff]{2}[\x00-\xff]\xff{8}\x00"),
        Anchor(rb"\x5d\x00[\x00-\xff]{2}[\x00-\x80][\x00-\xff]{5}\x00{4}"),
    )
    lz4 = Anchor(rb"\x04\x22\x4d\x18[\x40-\x7f][\x40\x50\x60\x70]")
    legacy = Anchor(rb"\x02\x21\x4c\x18[\x00-\xff]{3}\x00")
    skippable = Anchor(rb"[\x50-\x5f]\x2a\x4d\x18[\x00-\xff]{3}[\x00-\x0f]")
    return (
        Later("bzip2", "formats.streams.bzip2:Bzip2", *bzip2),
        Later("compress", "formats.streams.compress:Compress", Anchor(rb"\x1f\x9d[\x89-\x90][\x00-\xff]{2}")),
        Later("lz4", "formats.streams.lz4:Lz4", lz4, legacy, skippable),
        Later("lzip", "formats.streams.lzip:Lzip", Anchor(rb"LZIP\x01[\x0c-\x1d\x2c-\xff]")),
        Later("lzma", "formats.streams.lzma_alone:LzmaAlone", *lzma),
        Later("xz", "formats.streams.xz:Xz", *xz),
        Later(
            "zstd", "formats.streams.zstd:Zstd", Anchor(rb"\x28\xb5\x2f\xfd[\x00-\xff]"), skippable, library="zstandard"
        ),
    )
