"""Text that talks of documents, and a font: nothing may be said of these."""


def build() -> bytes:
    return b'print("%!PS-Adobe-3.0\\n")\n%!PS is how it begins; one may show a page.\n\0%!PS-AdobeFont-1.0: Whale\n/a def bind\n'
