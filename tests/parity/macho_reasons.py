"""Known differences on Mach-O files, each with the reason why we are right."""

from tests.parity.reason import Reason

REASONS: tuple[Reason, ...] = ()
