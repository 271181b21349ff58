"""How it is shown: each renderer knows the findings and nothing else."""
