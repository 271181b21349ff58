"""Facts to opinions."""
