"""A size of nearly 4 GiB, and one that does not fit the samples."""

from tests.builders.audiovisual_sound import au


def build() -> bytes:
    return au(size=0xFFFFFFF0) + au(size=31)
