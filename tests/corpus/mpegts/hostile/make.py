"""Tables whose lengths lie."""

from tests.builders.audiovisual_video import packet, transport


def build() -> bytes:
    return transport(1)[:376].replace(b"\xb0\x0d", b"\xbf\xff") + packet(0, b"\xff" * 9, start=True) * 3
