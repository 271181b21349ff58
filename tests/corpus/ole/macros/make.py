"""A workbook's macros: the source of a module is a child."""

from tests.builders.documents_ole import compound, ovba, vba_dir


def build() -> bytes:
    source = b'Attribute VB_Name = "Whale"\r\nSub Auto_Open()\r\nMsgBox "hahahahaha"\r\nEnd Sub\r\n'
    streams = {
        "Workbook": b"\x09\x08\x10\0\0\6\5\0" + bytes(60),
        "_VBA_PROJECT_CUR/VBA/dir": vba_dir(("Whale", 21)),
        "_VBA_PROJECT_CUR/VBA/Whale": b"p-code of the module." + ovba(source),
        "_VBA_PROJECT_CUR/VBA/_VBA_PROJECT": b"\xcc\x61\xff\xff\0\0\0",
    }
    return compound(streams)
