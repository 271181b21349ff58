"""Disk images: partition tables and file systems, and the containers that virtual machines keep them in.

Members of a file system become children by the bytes they occupy; nothing is mounted or written.
"""

from rorqual.analyzers.gated import Gated
from rorqual.analyzers.later import Later
from rorqual.sdk import Anchor, Kind, Probe, View

SECTORS = (512, 4096)


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
        Gated("mbr", "formats.disks.mbr:MBR", Kind("start"), gate=lambda view: view.read(510, 2) == b"\x55\xaa"),
        Later(
            "gpt",
            "formats.disks.gpt:GPT",
            *(Anchor(rb"EFI PART\x00\x00\x01\x00[\x5c-\xff]", back=one) for one in SECTORS),
        ),
        Gated(
            "fat",
            "formats.disks.fat:FAT",
            Anchor(rb"FAT1[26] {3}", back=54),
            Anchor(rb"FAT32 {3}", back=82),
            Kind("start"),
            gate=_parameters,
        ),
        Later(
            "ext",
            "formats.disks.ext:EXT",
            *(
                Anchor(b"\\x53\\xef\\x%02x\\x00\\x%02x\\x00" % (state, errors), back=0x438)
                for state in range(6)
                for errors in range(1, 4)
            ),
        ),
        Later("exfat", "formats.disks.exfat:ExFAT", Anchor(rb"\xeb\x76\x90EXFAT   \x00{16}")),
        Later("ntfs", "formats.disks.ntfs:NTFS", Anchor(rb"\xeb[\x52\x5b]\x90NTFS    [\x00\x02]")),
        Later("dmg", "formats.disks.dmg:DMG", Anchor(rb"koly\x00\x00\x00\x04\x00\x00\x02\x00")),
        Later("qcow2", "formats.disks.qcow2:QCOW2", Anchor(rb"QFI\xfb\x00\x00\x00[\x02-\x03]")),
        Later("vmdk", "formats.disks.vmdk:VMDK", Anchor(rb"KDMV[\x01-\x03]\x00\x00\x00[\x00-\xff]{3}\x00")),
        Later("vhd", "formats.disks.vhd:VHD", Anchor(rb"conectix\x00\x00\x00[\x00-\x03]\x00\x01\x00\x00")),
        Later("vhdx", "formats.disks.vhdx:VHDX", Anchor(rb"vhdxfile")),
        Later("luks", "formats.disks.luks:LUKS", Anchor(rb"LUKS\xba\xbe\x00[\x01-\x02]")),
        Later(
            "cramfs",
            "formats.disks.cramfs:CramFS",
            Anchor(rb"\x45\x3d\xcd\x28[\x00-\xff]{12}Compressed ROMFS"),
            Anchor(rb"\x28\xcd\x3d\x45[\x00-\xff]{12}Compressed ROMFS"),
        ),
        Later("romfs", "formats.disks.romfs:ROMFS", Anchor(rb"-rom1fs-")),
        Later("uimage", "formats.disks.uimage:UImageProbe", Anchor(rb"\x27\x05\x19\x56")),
        Later(
            "dtb",
            "formats.disks.dtb:DTB",
            Anchor(rb"\xd0\x0d\xfe\xed[\x00-\x03][\x00-\xff]{3}\x00[\x00-\xff]{3}\x00[\x00-\xff]{3}"),
        ),
    )


def _parameters(view: View) -> bool:
    """Whether a jump and sizes that a FAT volume may have stand here."""
    head = view.read(0, 22)
    return (
        len(head) == 22
        and head[0] in (0xEB, 0xE9)
        and head[11] == 0
        and head[12] in (2, 4, 8, 16)
        and head[13].bit_count() == 1
        and head[16] in (1, 2)
        and head[21] >= 0xF0
    )
