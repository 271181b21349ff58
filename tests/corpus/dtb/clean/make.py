"""A tree with a model, data that is a child, and slack that is not empty."""

from tests.builders.disks_images import device_tree


def build() -> bytes:
    return (
        b"before"
        + device_tree((b"model", b"Whale\0"), (b"data", bytes(range(80))), slack=b"hidden in slack!")
        + b"after"
    )
