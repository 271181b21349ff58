"""Where the engine runs: in local processes, and for callers of the founding specification's pipeline."""
