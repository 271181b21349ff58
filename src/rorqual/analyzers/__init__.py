"""Who looks: folds, probes and judges, one file each, found by name through the catalog."""
