"""Archives: members with names, one beside the other."""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor, Kind

END = Kind("end")
_MODES = rb"(?:644|755|664|775|600|700|444|555|640|750|666|777)"
_USTAR = rb"ustar(?:\x00[0-9 \x00][0-9 \x00]|  \x00)"
_V7 = rb"0000" + _MODES + rb"\x00[0-7]{7}\x00[0-7]{7}\x00[0-7]{11}[\x00 ][0-7]{11}[\x00 ][0-7]{6}\x00 "
_OLDER = rb"(?:   |100|000)" + _MODES + rb" \x00[0-7 ]{6} \x00[0-7 ]{6} \x00[0-7 ]{11} [0-7 ]{11} [0-7 ]{6}[\x00 ]"


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return (
        Later("ar", "formats.archives.ar:Ar", Anchor(rb"!<(?:arch|thin)>\n")),
        Later(
            "asar",
            "formats.archives.asar:Asar",
            Anchor(rb"\{\"files\":\{", back=16),
        ),
        Later(
            "cpio",
            "formats.archives.cpio.probe:Cpio",
            Anchor(rb"\xc7\x71[\x00-\xff]{18}[\x01-\xff][\x00-\x03][\x00-\xff][\x00-\x7f]"),
            Anchor(rb"\x71\xc7[\x00-\xff]{18}[\x00-\x03][\x01-\xff][\x00-\x7f][\x00-\xff]"),
            Anchor(rb"070707[0-7]{58}"),
            Anchor(rb"07070[12][0-9a-fA-F]{32}"),
        ),
        Later("crx", "formats.archives.crx:Crx", Anchor(rb"Cr24[\x02\x03]\x00\x00\x00[\x00-\xff]{2}[\x00-\x0f]\x00")),
        Later("lha", "formats.archives.lha.probe:Lha", Anchor(rb"-(?:lh[0-7d]|lz[45s]|pm[0-2])-", back=2)),
        Later(
            "rpm", "formats.archives.rpm.probe:Rpm", Anchor(rb"\xed\xab\xee\xdb[\x02-\x04][\x00-\x0f]\x00[\x00\x01]")
        ),
        Later(
            "tar",
            "formats.archives.tar.probe:Tar",
            Anchor(_USTAR, back=257),
            Anchor(_V7, back=100),
            Anchor(_OLDER, back=100),
        ),
        Later("zip", "formats.archives.zip.probe:Zip", Anchor(rb"PK\x05\x06")),
        Later(
            "zip-fragment",
            "formats.archives.zip.recovery:ZipFragments",
            Anchor(rb"PK\x03\x04[\x00-\x3f][\x00-\x0f][\x00-\xff]{2}[\x00-\x63]\x00"),
            END,
            heads=(b"PK\3\4",),
        ),
        Later("zoo", "formats.archives.zoo:Zoo", Anchor(rb"\xdc\xa7\xc4\xfd[\x00-\xff]{3}\x00", back=20)),
    )
