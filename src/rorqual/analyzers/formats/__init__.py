"""Probes that know a file format and claim the extent of what they find."""
