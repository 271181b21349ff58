"""An archive that ends in the data of its second member."""

from tests.builders.archives_tar import tar_member


def build() -> bytes:
    return tar_member(b"whole.txt", b"all of it") + tar_member(b"cut.txt", b"only the beginning of this " * 40)[:900]
