"""Names that climb, comments, private headers, data that do not decode, methods that nobody knows; a size that lies."""

from tests.builders.archives_lha import huffed, lha_member


def build() -> bytes:
    text = b"not what its CRC says" * 3
    wrong = huffed(text.upper())
    return b"".join(
        (
            lha_member(
                b"x", b"climbs", level=2, extended=((2, b"..\xff..\xffetc\xff"), (0x3F, b"a comment of the member"))
            ),
            lha_member(b"p", b"private", level=2, extended=((0x99, b"what no reader knows"),)),
            lha_member(b"crc", text, method=b"-lh5-", data=wrong),
            lha_member(b"broken", text, method=b"-lh6-", data=b"\xff" * 20),
            lha_member(b"adaptive", b"who knows", method=b"-lh1-"),
            lha_member(b"endless", b"x", packed=0xFFFFFFF0),
        )
    )
