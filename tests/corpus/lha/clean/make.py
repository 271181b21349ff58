"""All levels of headers in one archive, stored and packed, between other bytes."""

from tests.builders.archives_lha import huffed, lha_member


def build() -> bytes:
    text = b"the whale keeps what feeds it; " * 3 + b"." * 40
    return b"".join(
        (
            b"before ",
            lha_member(b"old.txt", b"stored as it is"),
            lha_member(b"dir\\", b"", method=b"-lhd-"),
            lha_member(b"MIXED.TXT", text, level=1, method=b"-lh5-", data=huffed(text), extended=((1, b"mixed.txt"),)),
            lha_member(
                b"new.txt",
                text,
                level=2,
                method=b"-lh7-",
                data=huffed(text, method=b"-lh7-"),
                extended=((2, b"a\xffb\xff"),),
            ),
            lha_member(b"wide.txt", b"level three", level=3),
            b"\0 and after",
        )
    )
