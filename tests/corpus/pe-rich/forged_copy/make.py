"""Another image's header: its key does not fit, an entry stands twice, bytes hide before and behind it."""

from tests.builders.pe_tables import with_rich


def build() -> bytes:
    entries = [(10, 8168, 4), (4, 8168, 1), (10, 8168, 2), (0x999, 1, 1)]
    return with_rich(entries, key=0x88737619, before=b"\0\0hidden here", behind=b"\0\0\0\0and here")
