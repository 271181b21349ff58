"""Where bytes come from. Knows nobody else in the house."""
