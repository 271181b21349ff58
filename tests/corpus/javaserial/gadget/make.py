"""A class by which a stream runs code."""

from tests.builders.stores_files import java_objects


def build() -> bytes:
    return java_objects(b"org.apache.commons.collections.functors.InvokerTransformer")
