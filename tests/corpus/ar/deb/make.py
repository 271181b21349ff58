"""A Debian package with members that its tools pass over."""

from tests.builders.archives_plain import ar_member


def build() -> bytes:
    return b"!<arch>\n" + b"".join(
        (
            ar_member(b"debian-binary", b"2.0\n"),
            ar_member(b"_gpgorigin", b"a signature, perhaps"),
            ar_member(b"control.tar", bytes(8)),
            ar_member(b"data.tar", bytes(6)),
            ar_member(b"behind", b"ignored by all"),
        )
    )
