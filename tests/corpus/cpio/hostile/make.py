"""Names that climb or hide bytes, a nameless member, a sum that does not hold, a trailer with data; a size that lies."""

from tests.builders.archives_plain import cpio_member


def build() -> bytes:
    archive = b"".join(
        (
            cpio_member("crc", b"/etc/passwd", b"root", check=1),
            cpio_member("crc", b"", b"nobody unpacks this", check=sum(b"nobody unpacks this")),
            cpio_member("crc", b"short\0and behind it more", b"", mode=0o100600),
            cpio_member("crc", b"TRAILER!!!", b"data of a trailer"),
        )
    )
    return archive + b"." * 9 + cpio_member("odc", b"endless", b"x" * 40, size=0o7777777777)
