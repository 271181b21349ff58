"""Bytes written as text: base64, hexadecimal digits, uuencode, Ascii85, and what they hold.

Nothing here looks at every byte: what magic numbers look like when they are written so rides with the other anchors.
"""

from rorqual.analyzers.formats.encoded_magic import of_base64, of_hexadecimal
from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return (
        Later("ascii85", "formats.encodings.ascii85:Ascii85", Anchor(rb"<~[!-uz]{20}")),
        Later("base64", "formats.encodings.base64:Base64", *of_base64()),
        Later("hex", "formats.encodings.hexadecimal:Hexadecimal", *of_hexadecimal()),
        Later(
            "uuencode",
            "formats.encodings.uuencode:UUEncode",
            Anchor(rb"begin [0-7]{3} "),
            Anchor(rb"begin 0[0-7]{3} "),
        ),
    )
