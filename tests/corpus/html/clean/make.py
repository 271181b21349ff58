"""A page behind a remark, with scripts, a frame, and a comment."""


def build() -> bytes:
    head = b'<head><title> On whales</title><meta name="generator" content="krill 1">'
    refresh = b"<meta http-equiv=refresh content='0; URL=https://whale.example/'><script src=a.js></script></head>"
    body = b'<body onload="feed()"><!-- %s --><iframe src=b.html></iframe></body>' % (b"what feeds it " * 3)
    return b"\xef\xbb\xbf<!-- saved -->\n<!DOCTYPE html>\n<html lang=en>" + head + refresh + body + b"</HTML>\n\n"
