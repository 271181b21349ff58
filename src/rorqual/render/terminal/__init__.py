"""The report as a person reads it on a terminal."""
