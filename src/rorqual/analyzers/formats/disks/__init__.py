"""Disk images: partition tables and file systems, and the containers that virtual machines keep them in.

Members of a file system become children by the bytes they occupy; nothing is mounted or written.
"""

from rorqual.analyzers.later import Later
from rorqual.sdk import Anchor, Probe


def probes() -> tuple[Probe, ...]:
    """The probes, each loaded when something first wakes it."""
    return (
        Later("iso", "formats.disks.iso:ISO", Anchor(rb"\x01CD001\x01", back=0x8000)),
        Later(
            "squashfs",
            "formats.disks.squashfs:SquashFS",
            Anchor(rb"hsqs[\x00-\xff]{24}[\x01-\x04]\x00[\x00-\x01]\x00"),
            Anchor(rb"sqsh[\x00-\xff]{24}\x00[\x01-\x03]\x00[\x00-\x01]"),
        ),
    )
