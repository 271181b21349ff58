"""A private key: nothing of it is told."""

from tests.builders.keys_files import pem_block


def build() -> bytes:
    return pem_block(b"secret" * 20, b"PRIVATE KEY") + pem_block(
        b"closed" * 20, b"RSA PRIVATE KEY", fields=b"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n"
    )
