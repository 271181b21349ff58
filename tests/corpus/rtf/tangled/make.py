"""As loaders of malware write it: half a version, digits in the middle of control words, an object that updates itself."""

from tests.builders.documents_rtf import ole1


def build() -> bytes:
    digits = ole1(b"OLE2Link", b"\xd0\xcf\x11\xe0 and so on").hex().encode()
    tangled = b"".join(b"{\\*\\x%d ffff}" % at + digits[at : at + 7] for at in range(8, len(digits), 7))
    return b"{\\rt{\\object\\objautlink\\objupdate{\\*\\objdata\\bin4 \1\5\0\0\\sp " + tangled + b"}}}"
