"""Java's serialized objects: ac ed, version 5, then objects, classes, strings and blocks of data.

https://docs.oracle.com/en/java/javase/21/docs/specs/serialization/protocol.html. The names of classes are told: some
lead whoever reads the stream to run what it says. Objects that write themselves as before Java 2 are not handled.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.stores import JAVA_SERIAL
from rorqual.analyzers.formats.stores.java_stream import Stream
from rorqual.sdk import Anomaly, Extent, Hit, Malformed, Said, View, frozen

GADGETS = (  # classes by which a stream makes its reader run code
    "org.apache.commons.collections.functors.InvokerTransformer",
    "org.apache.commons.collections4.functors.InvokerTransformer",
    "org.apache.commons.collections.functors.ChainedTransformer",
    "org.apache.commons.beanutils.BeanComparator",
    "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl",
    "org.apache.xalan.xsltc.trax.TemplatesImpl",
    "org.codehaus.groovy.runtime.ConvertedClosure",
    "org.codehaus.groovy.runtime.MethodClosure",
    "org.springframework.beans.factory.ObjectFactory",
    "com.sun.rowset.JdbcRowSetImpl",
    "bsh.XThis",
    "org.mozilla.javascript.NativeJavaObject",
    "com.mchange.v2.c3p0.impl.PoolBackedDataSourceBase",
    "sun.rmi.server.UnicastRef",
)


@frozen
class JavaObjects:
    """A stream of objects. The finding spans the contents that are whole."""

    tag: ClassVar[str] = "java_objects"
    contents: int  # at the top
    classes: tuple[str, ...]  # that are described, the first 128


class JavaSerial:
    """Finds serialized objects anywhere."""

    name = "javaserial"
    version = 1
    wakes_on = JAVA_SERIAL

    def score(self, view: View, /) -> int:
        """The magic, the version and the tag are 40 bits."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        stream = Stream(hit.view)
        if not stream.contents:
            if stream.classes and stream.cut is not None:
                size = hit.view.within(0, max(4, stream.cut.offset - hit.offset))
                yield hit.finding(0, size, JavaObjects(0, tuple(stream.classes)))
                yield from _gadgets(hit, size, stream.classes)
                return
            raise Malformed(hit.offset + 4, "a content")
        yield hit.finding(0, stream.end, JavaObjects(stream.contents, tuple(stream.classes)))
        yield Extent(0, stream.end, "javaserial", "contents parse by the grammar")
        yield from _gadgets(hit, stream.end, stream.classes)


def _gadgets(hit: Hit, size: int, classes: list[str]) -> Iterator[Said]:
    found = [name for name in classes if name in GADGETS]
    if found:
        yield hit.finding(0, size, Anomaly("deserialization_gadget", ", ".join(found), attack=("T1203",)))
