"""One page, a title, a compressed stream and an embedded file, between other bytes."""

from tests.builders.documents_pdf import CATALOG, PAGE, PAGES, flate, pdf


def build() -> bytes:
    catalog = CATALOG[:-2] + b"/Names<</EmbeddedFiles<</Names[(a)5 0 R]>>>>>>"
    file = b"<</Type/Filespec/F(krill.txt)/EF<</F 6 0 R>>>>"
    info = b"<</Title(On whales)/Producer<FEFF00520071>/CreationDate(D:20200101000000Z)>>"
    paint = flate(b"BT/F 12 Tf(whale)' ET\n" * 4)
    held = flate(b"what feeds it " * 9, b"/Type/EmbeddedFile")
    trailer = b"/Root 1 0 R/Info 7 0 R"
    return b"before" + pdf(catalog, PAGES, PAGE, paint, file, held, info, base=6, trailer=trailer) + b"after"
