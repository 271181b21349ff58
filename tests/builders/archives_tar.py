"""tar headers whose every field can be made to lie."""


def tar_header(
    name: bytes,
    size: int = 0,
    *,
    kind: bytes = b"0",
    link: bytes = b"",
    magic: bytes = b"ustar\x0000",
    mode: bytes = b"0000644\0",
    prefix: bytes = b"",
    tail: bytes = b"",
    number: bytes | None = None,
) -> bytes:
    """512 bytes with a checksum that holds; `number` is the size field as it is to be stored."""
    fields = [
        name.ljust(100, b"\0"),
        mode,
        b"0001750\0",
        b"0001750\0",
        number or b"%011o\0" % size,
        b"14637000000\0",
        b"        ",
        kind,
        link.ljust(100, b"\0"),
        magic,
        b"ahab".ljust(32, b"\0") if magic.startswith(b"ustar") else bytes(32),
        b"crew".ljust(32, b"\0") if magic.startswith(b"ustar") else bytes(32),
        bytes(16),
        prefix.ljust(155, b"\0"),
        tail.ljust(12, b"\0"),
    ]
    raw = b"".join(fields)
    assert len(raw) == 512
    return raw[:148] + b"%06o\0 " % sum(raw) + raw[156:]


def tar_member(name: bytes, content: bytes = b"", *, padding: bytes = b"", **fields: bytes) -> bytes:
    """Header and padded data."""
    data = content + padding
    return tar_header(name, len(content), **fields) + data.ljust(-(-len(data) // 512) * 512, b"\0")


def pax_records(*records: tuple[bytes, bytes]) -> bytes:
    """The content of an extended header."""
    out = b""
    for key, value in records:
        rest = b" " + key + b"=" + value + b"\n"
        size = len(rest) + 1
        while len(b"%d" % size) + len(rest) != size:
            size += 1
        out += b"%d" % size + rest
    return out


END = bytes(1024)
