"""Bytes before the first part and behind the last, a name that is reversed, parts in parts of one boundary, bad base64."""

from tests.builders.documents_mail import attached, mixed


def build() -> bytes:
    name = b"*=utf-8''invoice%E2%80%AEfdp.exe"
    inner = b"Content-Type: multipart/mixed; boundary=frontier\r\n\r\n--frontier\r\n\r\n=\r\n"
    bad = b"Content-Transfer-Encoding: base64\r\n\r\n!!!A\r\n"
    foreign = b"PK\3\4 behind the last part"
    return mixed(attached(b"MZ", name), inner, bad, preamble=b"<script>feed()</script>\r\n") + foreign
