"""Free and unknown boxes with something in them, metadata with a cover, between other bytes."""

from tests.builders.audiovisual_video import box, movie


def build() -> bytes:
    data = box(b"data", bytes(8) + b"\x89PNG pretended to be")
    tags = box(
        b"udta",
        box(b"meta", bytes(4) + box(b"hdlr", bytes(8) + b"mdir" + bytes(13)) + box(b"ilst", box(b"covr", data))),
    )
    rooms = box(b"free", b"hidden bytes") + box(b"zzzz", b"nobody knows")
    return (
        b"before"
        + box(b"ftyp", b"isom" + bytes(4) + b"isommp41")
        + rooms
        + box(b"mdat", b"samples!", wide=True)
        + movie(tags)
        + bytes(9)
    )
