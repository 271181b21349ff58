"""Names that climb, a path through a link, data of a folder, hidden bytes in padding, a nameless member, a lying size."""

from tests.builders.archives_tar import pax_records, tar_header, tar_member


def build() -> bytes:
    return b"".join(
        (
            tar_member(b"\x7fELF\x02\x01\x01 in a name\0hidden behind it", b""),
            tar_member(b".", b"nobody unpacks this member"),
            tar_member(b"../up", b"x", padding=b"hidden in the padding"),
            tar_member(b"here", kind=b"2", link=b"/etc"),
            tar_member(b"here/cron", b"y", tail=b"in the tail."),
            tar_member(b"x", pax_records((b"HIDDEN.key", b"a value no reader knows")) + b"99 broken", kind=b"x"),
            tar_member(b"odd", b"z", kind=b"Z"),
            tar_header(b"folder/", 5, kind=b"5") + b"data?".ljust(512, b"\0"),
            tar_header(b"endless", number=b"\x80" + b"\0" * 3 + b"\x7f" + b"\xff" * 7),
            b"and no more",
        )
    )
