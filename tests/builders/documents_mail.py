"""Messages of mail."""

import base64

HEAD = (
    b"Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\r\nFrom: =?utf-8?B?V2jDpWxl?= <a@whale.example>\r\n"
    b"To: b@whale.example\r\nSubject: =?utf-8?q?What_feeds?=\r\n =?utf-8?q?_it?=\r\nMIME-Version: 1.0\r\n"
)


def attached(data: bytes, name: bytes) -> bytes:
    """A part of base64."""
    body = base64.encodebytes(data).replace(b"\n", b"\r\n")
    head = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
    return head + b"Content-Disposition: attachment;\r\n filename" + name + b"\r\n\r\n" + body


def mixed(*parts: bytes, preamble: bytes = b"", end: bytes = b"--frontier--\r\n", head: bytes = HEAD) -> bytes:
    """A message of these parts."""
    begun = head + b'Content-Type: multipart/mixed; boundary="frontier"\r\n\r\n' + preamble
    return begun + b"".join(b"--frontier\r\n" + part + b"\r\n" for part in parts) + end
