"""A shortcut with all its parts, between other bytes."""

from tests.builders.documents_lnk import item, lnk, tracker, volume


def build() -> bytes:
    items = item(0x2F, b"C:\\") + item(0x32, b"krill.exe")
    texts = {4: "What feeds it", 16: "C:\\", 32: "/feed", 64: "C:\\whale.ico"}
    data = lnk(items=items, info=volume(b"C:\\krill.exe"), texts=texts, blocks=(tracker(b"whale"),))
    return b"before" + data + b"after"
