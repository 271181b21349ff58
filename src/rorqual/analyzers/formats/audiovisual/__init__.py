"""Sound and video: containers of chunks, boxes, pages or packets, and bare frames one behind the other.

Nothing is decoded but what proves where a file ends. Samples and pictures are payload; tags, junk and what readers
pass over is room.
"""

from rorqual.analyzers.later import Later
from rorqual.sdk import Anchor, Probe


def probes() -> tuple[Probe, ...]:
    """The probes, each loaded when something first wakes it."""
    any4 = rb"[\x00-\xff]{4}"
    return (
        Later(
            "riff",
            "formats.audiovisual.riff:RIFF",
            *(
                Anchor(magic + any4 + rb"[\x20-\x7e]{4}[\x20-\x7e]{4}")
                for magic in (b"RIFF", b"RIFX", b"RF64", b"BW64")
            ),
        ),
        Later("aiff", "formats.audiovisual.aiff:AIFF", Anchor(rb"FORM" + any4 + rb"AIF[FC][\x20-\x7e]{4}")),
    )
