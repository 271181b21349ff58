"""Members packed as LHA packs them."""

from tests.builders.archives_lha import zoo_archive


def build() -> bytes:
    return zoo_archive(
        (b"a.txt", b"the whale keeps what feeds it; " * 3, False), (b"b.txt", b"z" * 300, False), method=2
    )
