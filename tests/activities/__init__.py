"""Activities: services, what is kept by constraints, pages, API, access."""
