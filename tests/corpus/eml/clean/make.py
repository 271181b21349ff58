"""Text, quoted-printable, and an attachment."""

from tests.builders.documents_mail import attached, mixed


def build() -> bytes:
    plain = b"Content-Type: text/plain\r\n\r\nwhat feeds it\r\n"
    quoted = b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Wh=C3=A5=\r\nle</p>=0A"
    return mixed(plain, quoted, attached(b"MZ what feeds it" * 4, b"*0*=utf-8''kri%6Cl; filename*1=.exe"))
