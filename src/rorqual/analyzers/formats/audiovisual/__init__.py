"""Sound and video: containers of chunks, boxes, pages or packets, and bare frames one behind the other.

Nothing is decoded but what proves where a file ends. Samples and pictures are payload; tags, junk and what readers
pass over is room.
"""

from rorqual.analyzers.gated import BEGINNINGS, Gated
from rorqual.analyzers.later import Later
from rorqual.sdk import Anchor, Probe, View

PACK = b"\x00\x00\x01\xba"
PACKETS = ((188, 0), (192, 4), (204, 0))  # bytes of an MPEG transport packet, and before its sync byte


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
        Gated(
            "mp3",
            "formats.audiovisual.mp3:MP3",
            Anchor(rb"ID3[\x02-\x04][\x00-\x09][\x00-\xff][\x00-\x7f]{4}"),
            *BEGINNINGS,
            gate=_synced,
        ),
        Later("flac", "formats.audiovisual.flac:FLAC", Anchor(rb"fLaC[\x00\x80]\x00\x00\x22")),
        Later("ogg", "formats.audiovisual.ogg:Ogg", Anchor(rb"OggS\x00[\x02\x06]\x00{8}")),
        Gated(
            "mp4",
            "formats.audiovisual.mp4:MP4",
            Anchor(rb"\x00\x00[\x00-\x03][\x00-\xff]ftyp[\x20-\x7e]{4}"),
            *BEGINNINGS,
            gate=lambda view: view.read(4, 4) in (b"free", b"skip", b"wide", b"moov", b"mdat", b"pnot"),
        ),
        Later("matroska", "formats.audiovisual.matroska:Matroska", Anchor(rb"\x1a\x45\xdf\xa3[\x01-\xff]")),
        Later("flv", "formats.audiovisual.flv:FLV", Anchor(rb"FLV\x01[\x00-\x07]\x00[\x00-\x0f][\x00-\xff]{2}")),
        Later("midi", "formats.audiovisual.midi:MIDI", Anchor(rb"MThd\x00\x00\x00[\x06-\x10]\x00[\x00-\x02]")),
        Later(
            "au",
            "formats.audiovisual.au:AU",
            Anchor(
                rb"\.snd\x00\x00[\x00-\xff]{6}\x00\x00\x00[\x01-\x1b]\x00[\x00-\x0b][\x00-\xff]{2}\x00\x00\x00[\x01-\x20]"
            ),
        ),
        Gated(
            "aac",
            "formats.audiovisual.aac:AAC",
            Anchor(rb"ID3[\x02-\x04][\x00-\x09][\x00-\xff][\x00-\x7f]{4}"),
            *BEGINNINGS,
            gate=lambda view: (head := view.read(0, 2))[:1] == b"\xff" and len(head) == 2 and head[1] & 0xF6 == 0xF0,
        ),
        Later("amr", "formats.audiovisual.amr:AMR", Anchor(rb"#!AMR\n[\x04-\x7c]"), Anchor(rb"#!AMR-WB\n[\x04-\x7c]")),
        Later(
            "asf",
            "formats.audiovisual.asf:ASF",
            Anchor(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"),
        ),
        Gated("mpegps", "formats.audiovisual.mpegps:MPEGPS", *BEGINNINGS, gate=lambda view: view.read(0, 4) == PACK),
        Gated("mpegts", "formats.audiovisual.mpegts:MPEGTS", *BEGINNINGS, gate=_in_step),
    )


def _in_step(view: View) -> bool:
    """Whether two packets' sync bytes stand a packet apart."""
    head = view.read(0, 205)
    return any(head[lead : lead + 1] == head[lead + size : lead + size + 1] == b"G" for size, lead in PACKETS)


def _synced(view: View) -> bool:
    """Whether the sync bits of an MPEG audio frame stand here, with a version, layer, bitrate and rate there is."""
    head = view.read(0, 3)
    return (
        len(head) == 3
        and head[0] == 0xFF
        and head[1] >= 0xE0
        and head[1] & 0x18 != 0x08
        and bool(head[1] & 0x06)
        and head[2] >> 4 not in (0, 15)
        and head[2] & 0x0C != 0x0C
    )
