"""A name that climbs, an index beyond the table, a name that takes all of its member, a size that lies."""

from tests.builders.archives_plain import ar_member


def build() -> bytes:
    return b"!<arch>\n" + b"".join(
        (
            ar_member(b"../../x", b"climbs"),
            ar_member(b"/999999", b"no such name"),
            ar_member(b"#1/9999999", b"all name"),
            ar_member(b"/", b"hidden in a name of nothing"),
            ar_member(b"endless", b"x", size=b"9999999999"),
        )
    )
