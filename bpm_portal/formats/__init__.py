"""How dates are written where a language of the portal differs from Django."""
