"""The samples are cut."""

from tests.builders.audiovisual_sound import au


def build() -> bytes:
    return au()[:-6]
