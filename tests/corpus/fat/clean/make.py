"""Two files, one deleted, and slack that is not empty."""

from tests.builders.disks_volumes import fat12


def build() -> bytes:
    return fat12(
        (b"README  TXT", b"read me"), (b"DATA    BIN", b"data" * 200), deleted=b"SECRET  TXT", slack=b"hidden in slack"
    )
