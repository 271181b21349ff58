"""Lengths that lie, a broken filter, a loop of references, a width beyond reason, bytes between objects."""

from tests.builders.documents_pdf import PAGES, pdf, stream


def build() -> bytes:
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/Extensions 9 0 R/Hidden 6 0 R/AA 7 0 R>>",
        PAGES,
        b"<</Type/Page/Parent 3 0 R/Contents[4 0 R 5 0 R]>>",
        stream(b"BT(a)' ET", length=9_999_999_999),
        stream(b"\x78\x9cno stream at all", b"/Filter/FlateDecode"),
        stream(b"MZ in a stream that nobody reads"),
        stream(b"x\x9c\x03\0\0\0\0\x01", b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 99999999999>>"),
        b"<</Kids[[[[[[[[(((unclosed)))]]]]]]]]/Next 8 0 R>>",
    )
    return pdf(*objects, between={3: b"PK\3\4 what no reader reads\n", 4: b"% a remark of some length\n"})
