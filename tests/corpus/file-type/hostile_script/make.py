"""A shell script that carries binary data: its kind stays, half as certain."""


def build() -> bytes:
    return b"#!/bin/sh\ntail -c 512 $0 | sh\nexit\n" + bytes(range(256)) * 2
