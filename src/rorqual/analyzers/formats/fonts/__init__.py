"""Fonts.

sfnt.py  tables of TrueType and OpenType
"""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor

TTF = (
    Anchor(
        rb"\x00\x01\x00\x00\x00[\x01-\x7f][\x00-\x10][\x00-\xff]\x00[\x00-\x07][\x00-\x10][\x00-\xff][\x20-\x7e]{4}"
    ),
    Anchor(rb"OTTO\x00[\x01-\x7f][\x00-\x10][\x00-\xff]\x00[\x00-\x07]"),
    Anchor(rb"true\x00[\x01-\x7f][\x00-\x10][\x00-\xff]\x00[\x00-\x07]"),
    Anchor(rb"typ1\x00[\x01-\x7f][\x00-\x10][\x00-\xff]\x00[\x00-\x07]"),
)
PFA = (Anchor(rb"%!PS-AdobeFont-1\."), Anchor(rb"%!FontType1-1\."))


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return (
        Later("ttf", "formats.fonts.ttf:TTF", *TTF),
        Later("ttc", "formats.fonts.ttc:TTC", Anchor(rb"ttcf\x00[\x01\x02]\x00\x00\x00\x00")),
        Later(
            "woff",
            "formats.fonts.woff:WOFF",
            Anchor(rb"wOFF[\x00-\xff]{4}[\x00-\x0f][\x00-\xff]{3}[\x00\x01][\x00-\xff]\x00\x00"),
        ),
        Later(
            "woff2",
            "formats.fonts.woff2:WOFF2",
            Anchor(rb"wOF2[\x00-\xff]{4}[\x00-\x0f][\x00-\xff]{3}[\x00\x01][\x00-\xff]\x00\x00"),
        ),
        Later(
            "eot",
            "formats.fonts.eot:EOT",
            Anchor(
                rb"[\x00\x01\x02]\x00[\x01\x02]\x00[\x00-\xff]{4}[\x00-\xff]{10}[\x00-\xff][\x00\x01][\x00-\xff]{2}\x00\x00"
                rb"[\x00-\xff]{2}LP",
                back=8,
            ),
        ),
        Later(
            "cff", "formats.fonts.cff:CFF", Anchor(rb"\x01\x00\x04[\x01-\x04]\x00\x01\x01\x01[\x02-\x7f][\x21-\x7e]")
        ),
        Later("pfb", "formats.fonts.pfb:PFB", Anchor(rb"\x80\x01[\x00-\xff]{3}\x00%!")),
        Later("pfa", "formats.fonts.pfa:PFA", *PFA),
        Later("pcf", "formats.fonts.pcf:PCF", Anchor(rb"\x01fcp[\x01-\x10]\x00\x00\x00")),
    )
