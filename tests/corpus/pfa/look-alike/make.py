"""A text that names it."""


def build() -> bytes:
    return b"%!PS-AdobeFont-1.0 is how it begins, and eexec is in it"
