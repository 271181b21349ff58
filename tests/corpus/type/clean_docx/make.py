"""The first members of a Word document, stored."""

import io
import zipfile


def build() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", "_rels/.rels", "word/document.xml"):
            archive.writestr(zipfile.ZipInfo(name), "<a/>")
    return out.getvalue()
