"""How the log reads on standard error: each line under the command's name, escaped as the report is."""

import logging

from rorqual.render.terminal.values import safe


class SafeFormatter(logging.Formatter):
    """An error's text may quote the file, so its traceback is escaped too."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(f"rorqual: {safe(line)}" for line in super().format(record).split("\n"))
