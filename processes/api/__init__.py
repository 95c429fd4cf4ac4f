"""The programs' door to processes: the same services and rules as the pages."""
