"""Notifications: the bell, the panel, the notification centre and the live stream."""
