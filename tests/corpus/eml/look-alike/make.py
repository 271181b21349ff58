"""Lines that look like headers, of other things than mail: nothing may be said of these."""


def build() -> bytes:
    return b"Metadata-Version: 2.1\nName: whale\nFrom: the deep\n\nMIME-Version: 1.0\nMessage-ID: <a>\nFrom: b\n"
