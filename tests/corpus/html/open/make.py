"""A page that leaves out what may be left out: it goes on to the end."""


def build() -> bytes:
    return b"<!doctype html>\n<title>Open</title><p>what feeds it"
