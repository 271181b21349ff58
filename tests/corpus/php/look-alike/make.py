"""Text that talks of scripts, and a tag without code: nothing may be said of these."""


def build() -> bytes:
    return b"A script begins with <?php echo 'a'; and ends with ?>.\n" + bytes(300) + b"<?php ?>\0" + b"<?php \xff"
