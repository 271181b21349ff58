"""A text on keys."""


def build() -> bytes:
    return b"ssh-rsa AAAAB3NzaC1yc2E is what lines begin with, and ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 is too. " * 2
