"""Comments that never end, tags of great length, a redirect into a script, closing tags before opening ones."""


def build() -> bytes:
    page = b"</html><html><head><meta http-equiv=refresh content='0;url=javascript:feed()'>"
    return b"<!doctype html></html>" + page + b"<script " + b"a" * 900 + b"><object <!-- " + b"<embed>" * 40
