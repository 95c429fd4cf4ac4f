"""Pages of the panel and of the notification centre."""
