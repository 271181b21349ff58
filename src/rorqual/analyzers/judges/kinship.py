"""Which formats are one another's kin: built on each other, or met together in ordinary files.

The table of formats tells what is built on what (a jar is a zip). What is added here are pairs that honest tools
write as one file: a hybrid image carries a partition table, an ID3 tag goes with more than MP3.
"""

import functools

from rorqual.sdk import format_of

TOGETHER = (
    {"iso", "mbr", "gpt", "fat", "fat12", "fat16", "fat32", "udf", "hfs", "apm", "squashfs", "ext2", "ext3", "ext4"},
    {"mbr", "gpt", "ntfs", "exfat", "pe", "bzimage"},  # a disk and what is on it; a kernel boots as a PE and by itself
    {"mp3", "id3v2", "aac", "flac", "ape", "wav"},
    {"html", "xml", "svg", "xhtml", "javascript", "css", "php", "text"},
    {"mp4", "mov", "heif", "heic", "avif", "m4a", "3gp"},
    {"jpeg", "mpo"},
    {"tiff", "dng"},
    {"pem", "der", "x509", "pkcs7", "pkcs12"},
    {"postscript", "eps", "ps", "pfa", "type1"},
)


@functools.cache
def family(format_id: str) -> str:
    """The format at the bottom of what this one is built on: that of a docx is zip."""
    while True:
        try:
            row = format_of(format_id)
        except KeyError:
            return format_id
        if not row.base or row.base in ("text", "data"):
            return row.name
        format_id = row.base


@functools.cache
def is_ordinary(one: str, other: str) -> bool:
    """Whether one file may well be both: they are kin, or met together."""
    first, second = family(one), family(other)
    return first == second or any({first, one} & together and {second, other} & together for together in TOGETHER)


@functools.cache
def is_executable(format_id: str) -> bool:
    """Whether a system runs it as it stands: what installers put before an archive."""
    return family(format_id) in {"pe", "elf", "macho", "mz", "ne", "le", "com", "shell", "python", "script"}
