"""A script that runs on opening, one in a stream, a launch, a name behind escapes; no table of offsets."""

from tests.builders.documents_pdf import PAGES, flate


def build() -> bytes:
    catalog = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\);)>>/AA<</WC 3 0 R>>>>"
    objects = (
        catalog,
        PAGES,
        b"<</S/J#61vaScript/JS 4 0 R>>",
        flate(b"this.exportDataObject({cName: 'whale', nLaunch: 2});"),
        b"<</S/Launch/F(cmd.exe)>>",
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"
