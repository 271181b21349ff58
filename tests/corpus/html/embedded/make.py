"""A page between bytes that are not text, as in the comment of a picture."""


def build() -> bytes:
    page = b"<html><head><script>feed()</script></head><body>whale</body></html>"
    return b"\xff\xd8\xff\xfe\0\x4b" + page + b"\r\n\xff\xdb\0\x43\0" + bytes(30)
