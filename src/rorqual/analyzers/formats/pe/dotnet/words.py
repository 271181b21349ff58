"""Names of metadata as text: they are UTF-8, and obfuscators write what no terminal should see."""


def shown(raw: bytes) -> str:
    """UTF-8 as it is; what is not, and what does not print, as escapes."""
    text = raw.decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
