"""Properties are checked without a clock: a busy machine is no counterexample."""

from hypothesis import settings

settings.register_profile("rorqual", deadline=None)
settings.load_profile("rorqual")
