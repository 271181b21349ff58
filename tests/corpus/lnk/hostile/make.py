"""Arguments behind white space, a block nobody knows, bytes behind the end; then lengths that lie."""

from tests.builders.documents_lnk import block, item, lnk, volume


def build() -> bytes:
    room = block(0xBAD, b"MZ what nobody reads")
    hiding = lnk(items=item(0x1F, b"?"), texts={32: " " * 300 + "/c evil"}, blocks=(room,))
    lying = bytearray(lnk(info=volume(b"C:\\")))
    lying[76:80] = b"\xff\xff\xff\x7f"
    return hiding + b"appended" + bytes(lying) + lnk(blocks=(block(0xA0000001, b""), b"\xff\xff\xff\xff\1\0\0\xa0"))
