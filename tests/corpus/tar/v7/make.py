"""The oldest form, without magic: known by numbers and checksum; then another archive."""

from tests.builders.archives_tar import END, tar_member

OLD = {"magic": bytes(8), "kind": b"\0"}


def build() -> bytes:
    first = tar_member(b"old.txt", b"from before there was a standard", **OLD) + tar_member(b"b", b"more", **OLD)
    gnu = tar_member(b"new.txt", b"newer", magic=b"ustar  \0")
    return first + END + gnu + END
