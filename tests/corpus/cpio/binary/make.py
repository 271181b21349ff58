"""Words in either order, and octal text, each behind other bytes and without padding."""

from tests.builders.archives_plain import cpio_member, cpio_trailer


def build() -> bytes:
    forms = ("little", "big", "odc")
    return b"".join(
        b"other." + cpio_member(form, b"a", form.encode()) + cpio_member(form, b"bc", b"!") + cpio_trailer(form)
        for form in forms
    )
