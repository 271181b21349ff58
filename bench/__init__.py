"""The bars, measured: each as a ratio or against a fixed bound, with both sides of a ratio in one run."""
