"""Members of cpio and ar archives, field by field."""

import struct


def cpio_member(
    form: str, name: bytes, content: bytes = b"", *, mode: int = 0o100644, size: int | None = None, check: int = 0
) -> bytes:
    """A member with padding; `form` is "little", "big", "odc", "newc" or "crc"."""
    size = len(content) if size is None else size
    ended = name + b"\0"
    if form in ("little", "big"):
        order = "<" if form == "little" else ">"
        time = 1_700_000_000
        head = struct.pack(
            order + "13H",
            0x71C7,
            1,
            2,
            mode,
            3,
            4,
            1,
            0,
            time >> 16,
            time & 0xFFFF,
            len(ended),
            size >> 16,
            size & 0xFFFF,
        )
        align = 2
    elif form == "odc":
        head = b"070707" + b"".join(b"%06o" % one for one in (1, 2, mode, 3, 4, 1, 0))
        head += b"%011o%06o%011o" % (1_700_000_000, len(ended), size)
        align = 1
    else:
        fields = (2, mode, 3, 4, 1, 1_700_000_000, size, 0, 1, 0, 0, len(ended), check)
        head = (b"070702" if form == "crc" else b"070701") + b"".join(b"%08x" % one for one in fields)
        align = 4
    whole = head + ended
    whole += bytes(-len(whole) % align) + content
    return whole + bytes(-len(content) % align)


def cpio_trailer(form: str) -> bytes:
    """What ends an archive."""
    return cpio_member(form, b"TRAILER!!!", mode=0)


def ar_member(name: bytes, content: bytes = b"", *, size: bytes | None = None, end: bytes = b"`\n") -> bytes:
    """A member, padded to an even place."""
    head = name.ljust(16) + b"1700000000".ljust(12) + b"0".ljust(6) + b"0".ljust(6) + b"100644".ljust(8)
    head += (size or b"%d" % len(content)).ljust(10) + end
    return head + content + (b"\n" if len(content) % 2 else b"")
