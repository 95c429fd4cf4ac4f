"""Tags of the bell and the panel."""
