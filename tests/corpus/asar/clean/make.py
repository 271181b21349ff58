"""An application: folders, a link, a file beside the archive, a digest."""

import hashlib

from tests.builders.archives_packages import asar


def build() -> bytes:
    main, package = b"require('electron')", b'{"name":"whale","main":"main.js"}'
    digest = {"algorithm": "SHA256", "hash": hashlib.sha256(main).hexdigest(), "blockSize": 4194304, "blocks": []}
    tree: dict[str, object] = {
        "main.js": {"size": len(main), "offset": "0", "integrity": digest},
        "lib": {"files": {"run.sh": {"size": 2, "offset": str(len(main) + len(package)), "executable": True}}},
        "package.json": {"size": len(package), "offset": str(len(main))},
        "native.node": {"size": 900, "unpacked": True},
        "link": {"link": "lib/run.sh"},
    }
    return b"before " + asar(tree, main + package + b"go") + b" and after"
