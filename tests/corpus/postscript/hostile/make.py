"""Binary data of no end, a program that runs others and deletes files, marks inside of documents that never close."""


def build() -> bytes:
    runs = b"%!PS\n(%pipe%feed) (w) file\n(a) deletefile\nnewpath showpage\n%%EOF\n"
    return runs + b"%!PS-Adobe-2.0\nnewpath stroke\n%%BeginBinary: 999999999\n%%EOF\n%%BeginDocument: b\n%%EOF\n\0"
