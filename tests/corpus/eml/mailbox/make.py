"""Two messages in a mailbox, the second with a line that only looks like a third."""

from tests.builders.documents_mail import attached, mixed

LINE = b"From a@whale.example Mon Jan  1 00:00:00 2024\n"


def build() -> bytes:
    one = mixed(attached(b"PK\3\4 what feeds it", b"=krill.zip"))
    two = b"From: b\nTo: a\nDate: today\n\nFrom here on 12:00 it is text\n>From quoted\n"
    return LINE + one + b"\n" + LINE + two
