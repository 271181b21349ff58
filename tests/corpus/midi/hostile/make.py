"""More tracks declared than there are, and a track of 4 GiB."""

from tests.builders.audiovisual_sound import TRACK, midi


def build() -> bytes:
    return midi(TRACK, TRACK, declared=9)[:-20] + b"MTrk\xff\xff\xff\xff\0" + midi(TRACK, declared=9)
