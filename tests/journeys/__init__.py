"""A person in a real browser, on a real server, worker and broker."""
