"""Small modules that every app may use; no models."""
