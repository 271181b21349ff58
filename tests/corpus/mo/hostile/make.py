"""More texts than there are, a text behind the end, one without a zero."""

from tests.builders.stores_files import mo_file


def build() -> bytes:
    good = mo_file()
    return (
        good[:8]
        + b"\xff\xff\xff\0"
        + good[12:]
        + good[:40]
        + b"\xff\xff\xff\x7f"
        + good[44:]
        + good.replace(b"hval\0", b"hvale")
        + b"."
    )
