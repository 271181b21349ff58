"""A pax archive with a comment, a long name and a link, behind other bytes."""

from tests.builders.archives_tar import END, pax_records, tar_member


def build() -> bytes:
    return b"".join(
        (
            b"before it",
            tar_member(b"pax_global_header", pax_records((b"comment", b"made in test")), kind=b"g"),
            tar_member(b"dir/", kind=b"5"),
            tar_member(b"x", pax_records((b"path", b"dir/" + b"long" * 30), (b"mtime", b"1.5")), kind=b"x"),
            tar_member(b"short", b"the whale keeps what feeds it"),
            tar_member(b"link", kind=b"2", link=b"short"),
            END,
        )
    )
