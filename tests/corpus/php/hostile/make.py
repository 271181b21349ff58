"""A script that goes to the end, tags in tags, a compiler that is halted."""


def build() -> bytes:
    return (
        b"<?PHP\n"
        + b"<?php " * 50
        + b"function feed() { return 'what ?> <?php feeds it'; }\n__halt_compiler();\0\1\2MZ"
    )
