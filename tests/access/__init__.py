"""Every door of the portal, tried by a stranger, by an intruder and by the one it is for."""
