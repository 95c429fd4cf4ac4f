"""The only writers of processes, one module per noun."""
