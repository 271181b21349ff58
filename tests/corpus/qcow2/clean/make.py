"""One cluster that is there; a header extension."""

from tests.builders.disks_images import qcow2


def build() -> bytes:
    return b"before" + qcow2(extra=b"\x68\x03\xf8\x57" + bytes(3) + b"\x08features") + b"after"
