"""A message cut inside of its attachment."""

from tests.builders.documents_mail import attached, mixed


def build() -> bytes:
    return mixed(attached(b"MZ what feeds it" * 9, b"=krill.exe"))[:-100]
