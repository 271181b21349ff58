"""Text that talks of documents, and strings of a program: nothing may be said of these."""


def build() -> bytes:
    talk = (
        b"A page begins with <!DOCTYPE html> and <html>, has a <head> and a <body>, and ends with </html>; see below.\n"
    )
    code = b'print("<html><body>%s</body></html>" % whale)\n'
    return talk + code + b"\0<html>\0</html>\0<!doctype html >\0"
