"""The bars of `ChunkedFileReader`, from its own program."""

import json
import subprocess
import sys
from collections.abc import Iterator

from bench.context import Context
from bench.process import ROOT
from bench.rows import Row


def rows(context: Context) -> Iterator[Row]:
    """The rows of this bench."""
    command = (sys.executable, "-m", "bench.reader", "--json", "--dir", str(context.data.folder))
    done = subprocess.run(command, stdout=subprocess.PIPE, cwd=ROOT, check=False)
    for line in json.loads(done.stdout):
        yield Row(line["what"], line["ratio"], bar=line["bar"])
