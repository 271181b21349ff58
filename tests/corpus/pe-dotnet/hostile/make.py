"""Streams that stand twice and lie outside, a resource that runs on, an entry point that names nothing."""

from tests.builders.dotnet import Managed, assembly


def build() -> bytes:
    return assembly(
        Managed(
            resource=b"MZ and no more",
            resource_size=0x7FFF_FFFF,
            streams=(b"#Strings", b"#\xff\xfe", b"#~"),
            entry=0x06FF_FFFF,
            metadata_size=0x100,
            patches={0x24: b"\xff\xff\xff\x7f"},
        )
    )
