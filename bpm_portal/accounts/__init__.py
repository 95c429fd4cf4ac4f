"""People: users with their preferences, sign-in and the directory."""
